import { defineWords } from '../words/define-words.js';

export const apiWords = defineWords('api', {
  en: {
    notDone: 'Not done',
    confirmTitle: 'Is it you?',
    confirmWhy: 'This can cost money or lock people out, so type your password once more. It holds for ten minutes.',
    password: 'Password',
    otp: 'Code of your authenticator app',
    orOtp: 'or',
    notConfirmed: '{{said}}',
    confirm: 'Go on',
    cancel: 'Cancel',
  },
  sw: {
    notDone: 'Haikufanyika',
    confirmTitle: 'Ni wewe?',
    confirmWhy:
      'Kitendo hiki kinaweza kugharimu pesa au kuwafungia watu nje, andika nenosiri lako tena. Itadumu dakika kumi.',
    password: 'Nenosiri',
    otp: 'Msimbo wa programu yako ya uthibitishaji',
    orOtp: 'au',
    notConfirmed: 'Nenosiri au msimbo haukukubaliwa. Jaribu tena. ({{said}})',
    confirm: 'Endelea',
    cancel: 'Ghairi',
  },
});
