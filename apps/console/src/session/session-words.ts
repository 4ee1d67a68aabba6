import { defineWords } from '../words/define-words.js';

export const sessionWords = defineWords('session', {
  en: {
    title: 'Sign in to Turnpike',
    about: 'Routers, customers and money of your network',
    email: 'E-mail',
    password: 'Password',
    otp: 'Code of your authenticator app',
    otpHelp: 'Six digits, or one of your recovery codes',
    submit: 'Sign in',
    refused: '{{said}}',
    signedOut: 'You are signed out.',
    unreachable: 'The server cannot be reached. This page tries again by itself.',
  },
  sw: {
    title: 'Ingia Turnpike',
    about: 'Ruta, wateja na pesa za mtandao wako',
    email: 'Barua pepe',
    password: 'Nenosiri',
    otp: 'Msimbo wa programu yako ya uthibitishaji',
    otpHelp: 'Tarakimu sita, au moja ya misimbo yako ya akiba',
    submit: 'Ingia',
    refused: 'Barua pepe, nenosiri au msimbo si sahihi. Jaribu tena. ({{said}})',
    signedOut: 'Umetoka.',
    unreachable: 'Seva haipatikani. Ukurasa huu unajaribu tena wenyewe.',
  },
});
