import type { AppErrorCode, IssueCode } from '@turnpike/core/app-error.js';
import { defineWords, type Language } from '../words/define-words.js';

/** Codes of our own beside the API's: no answer, and one that is not what was expected. */
export type ProblemCode = AppErrorCode | 'offline' | 'not_understood';

/** What a problem is, by its code; the sentence of the API, in English, says more. */
export const problemWords = defineWords<ProblemCode>('problems', {
  en: {
    validation_failed: 'Something that was entered is not right',
    unauthenticated: 'You are not signed in',
    second_factor_required: 'A code of your authenticator app is needed',
    forbidden: 'You may not do this',
    outside_scope: 'This is outside your sites',
    step_up_required: 'Your password is needed once more',
    not_found: 'This is not there, or not any more',
    conflict: 'This does not go with how things are now',
    name_taken: 'This name is taken',
    router_busy: 'The router is busy with another run',
    router_unreachable: 'The router cannot be reached',
    router_login_failed: 'The router refused the login',
    router_refused: 'The router refused it',
    router_not_allowed: 'This address may not be dialled',
    router_has_no_address: 'The router has no address yet',
    idempotency_key_reused: 'This was sent before with other content',
    idempotency_in_progress: 'This is being done already',
    rate_limited: 'Too much at once: wait a moment',
    payload_too_large: 'This is too large to be sent',
    unsupported_media_type: 'The server does not take this kind of file',
    unavailable: 'The server cannot do this just now',
    internal: 'Something went wrong on the server',
    offline: 'The server cannot be reached. Check your connection; what you entered is still here.',
    not_understood: 'The server answered otherwise than this page expects. Load the page again.',
  },
  sw: {
    validation_failed: 'Kuna kilichoandikwa ambacho si sahihi. Kirekebishe, kisha ujaribu tena.',
    unauthenticated: 'Hujaingia. Ingia, kisha ujaribu tena.',
    second_factor_required: 'Msimbo wa programu yako ya uthibitishaji unahitajika.',
    forbidden: 'Huruhusiwi kufanya hivi. Mwombe mmiliki akupe ruhusa.',
    outside_scope: 'Hii iko nje ya maeneo yako. Mwombe mwenye ruhusa ya eneo hilo.',
    step_up_required: 'Andika nenosiri lako tena ili kuendelea.',
    not_found: 'Hakipo, au kimeondolewa. Rudi kwenye orodha.',
    conflict: 'Haiwezekani kwa jinsi mambo yalivyo sasa. Pakia ukurasa upya uone kilichobadilika.',
    name_taken: 'Jina hili limeshatumika. Chagua jingine.',
    router_busy: 'Ruta inashughulikiwa na kazi nyingine. Subiri iishe.',
    router_unreachable: 'Ruta haipatikani. Angalia umeme, mtandao na anwani yake.',
    router_login_failed: 'Ruta imekataa kuingia. Angalia jina la mtumiaji na nenosiri lake.',
    router_refused: 'Ruta imekataa. Soma ilichosema hapa chini.',
    router_not_allowed: 'Anwani hii hairuhusiwi kupigiwa. Tumia anwani nyingine.',
    router_has_no_address: 'Ruta haina anwani bado. Bandika hati yake kwanza.',
    idempotency_key_reused: 'Ombi hili lilitumwa awali likiwa na maudhui mengine. Pakia ukurasa upya.',
    idempotency_in_progress: 'Hili linafanyika tayari. Subiri kidogo.',
    rate_limited: 'Maombi ni mengi mno kwa wakati mmoja. Subiri kidogo.',
    payload_too_large: 'Hiki ni kikubwa mno kutumwa. Punguza, kisha ujaribu tena.',
    unsupported_media_type: 'Seva haipokei aina hii ya faili.',
    unavailable: 'Seva haiwezi kufanya hivi kwa sasa. Jaribu tena baada ya muda mfupi.',
    internal: 'Hitilafu imetokea kwenye seva. Jaribu tena; ikiendelea, tupe nambari ya ombi.',
    offline: 'Seva haipatikani. Angalia muunganisho wako; ulichoandika bado kipo.',
    not_understood: 'Seva imejibu tofauti na ukurasa huu unavyotarajia. Pakia ukurasa upya.',
  },
});

/** What is wrong with a field. In English the API says it itself, and says more. */
export const issueTexts: Readonly<Record<Exclude<Language, 'en'>, Readonly<Record<IssueCode | 'taken', string>>>> = {
  sw: {
    required: 'lazima ijazwe',
    unknown_field: 'haijulikani',
    too_short: 'ni fupi mno: angalau herufi {{bound}}',
    too_long: 'ni ndefu mno: si zaidi ya herufi {{bound}}',
    too_small: 'ni ndogo mno: angalau {{bound}}',
    too_large: 'ni kubwa mno: si zaidi ya {{bound}}',
    too_few: 'ni chache mno: angalau {{bound}}',
    too_many: 'ni nyingi mno: si zaidi ya {{bound}}',
    not_a_number: 'lazima iwe nambari kamili',
    wrong_type: 'si ya aina inayotakiwa',
    wrong_format: 'haijaandikwa inavyotakiwa',
    not_a_choice: 'si mojawapo ya chaguo',
    taken: 'imeshatumika',
  },
};
