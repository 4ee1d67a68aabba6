import { defineWords } from '../../words/define-words.js';

export const customerPrivacyWords = defineWords('customer-privacy', {
  en: {
    erased: 'Erased',
    export: 'Export',
    exportAbout:
      'Everything that is held about this person, as a file to hand over: devices, packages, payments, sessions, messages and what was done. That you took it is written to the audit trail.',
    exportGet: 'Download the export',
    exported: 'The export is in your downloads.',
    erase: 'Erase personal data',
    eraseAbout:
      'Takes name, phone number, e-mail address and devices away for good. Payments and usage stay without the person, because accounts must be kept.',
    eraseTitle: 'Erase {{name}} for good?',
    eraseWhat:
      'This cannot be undone. The person can no longer log in or be found, and gets no more messages. It is refused while money is on its way or in the wallet.',
    eraseConfirm: 'Type the username to confirm: {{username}}',
    eraseEnd: 'End access that is left, without refund',
    eraseVerb: 'Erase for good',
    erasedNow: 'Erased.',
    erasedSessions_one: '{{count}} session is being ended.',
    erasedSessions_other: '{{count}} sessions are being ended.',
    kept: 'What stays',
    delete: 'Delete',
    deleteAbout: 'Only for somebody who never had access, for example after a typing mistake.',
    deleteTitle: 'Delete {{name}}?',
    deleteWhat:
      'The customer and the list of devices are gone for good. Refused for whoever ever had access: suspend or erase then.',
    deleteVerb: 'Delete customer',
    deleted: '{{name}} was deleted.',
  },
  sw: {
    erased: 'Data imefutwa',
    export: 'Hamisha nje',
    exportAbout:
      'Kila kinachohifadhiwa kuhusu mtu huyu, kama faili la kumkabidhi: vifaa, vifurushi, malipo, vikao, ujumbe na yaliyofanyika. Kwamba umelichukua kunaandikwa kwenye kumbukumbu ya ukaguzi.',
    exportGet: 'Pakua faili',
    exported: 'Faili liko kwenye vipakuliwa vyako.',
    erase: 'Futa data binafsi',
    eraseAbout:
      'Huondoa jina, namba ya simu, barua pepe na vifaa moja kwa moja. Malipo na matumizi yanabaki bila mtu, kwa sababu hesabu lazima zihifadhiwe.',
    eraseTitle: 'Umfute {{name}} moja kwa moja?',
    eraseWhat:
      'Haiwezi kutenduliwa. Mtu hataweza kuingia wala kupatikana tena, na hatapata ujumbe tena. Inakataliwa wakati pesa ziko njiani au kwenye pochi.',
    eraseConfirm: 'Andika jina la mtumiaji kuthibitisha: {{username}}',
    eraseEnd: 'Maliza muda uliobaki, bila marejesho',
    eraseVerb: 'Futa moja kwa moja',
    erasedNow: 'Imefutwa.',
    erasedSessions_one: 'Kikao {{count}} kinamalizwa.',
    erasedSessions_other: 'Vikao {{count}} vinamalizwa.',
    kept: 'Kinachobaki',
    delete: 'Ondoa kabisa',
    deleteAbout: 'Kwa ambaye hakuwahi kuwa na huduma tu, kwa mfano baada ya kosa la uandishi.',
    deleteTitle: 'Umwondoe {{name}}?',
    deleteWhat:
      'Mteja na orodha ya vifaa vinaondoka kabisa. Inakataliwa kwa aliyewahi kuwa na huduma: msimamishe au ufute data yake.',
    deleteVerb: 'Ondoa mteja',
    deleted: '{{name}} ameondolewa.',
  },
});
