/** Why a payment did not come about, for who wanted to pay. */
export interface CustomerSentence {
  readonly en: string;
  readonly sw: string;
}

const OTHER: CustomerSentence = {
  en: 'M-Pesa could not complete the payment. No money was taken. Try again in a minute.',
  sw: 'M-Pesa haikuweza kukamilisha malipo. Hakuna pesa iliyochukuliwa. Jaribu tena baada ya dakika moja.',
};

const SYSTEM_BUSY: CustomerSentence = {
  en: 'M-Pesa has a problem at the moment. No money was taken. Try again in a minute.',
  sw: 'M-Pesa ina hitilafu kwa sasa. Hakuna pesa iliyochukuliwa. Jaribu tena baada ya dakika moja.',
};

/** Result codes of STK pushes as Safaricom documents them, and our own for what happens before. */
const SENTENCES: Readonly<Record<string, CustomerSentence>> = {
  '0': { en: 'The payment is complete.', sw: 'Malipo yamekamilika.' },
  '1': {
    en: 'There is not enough money in your M-Pesa. Top up, or choose a smaller package, and try again.',
    sw: 'Salio lako la M-Pesa halitoshi. Ongeza pesa au chagua kifurushi kidogo, kisha ujaribu tena.',
  },
  '17': {
    en: 'M-Pesa refused the payment: you just paid the same amount, or a limit of M-Pesa is reached. Wait 2 minutes and try again.',
    sw: 'M-Pesa imekataa malipo: umelipa kiasi hicho sasa hivi au umefikia kikomo. Subiri dakika 2 kisha ujaribu tena.',
  },
  '26': SYSTEM_BUSY,
  '1001': {
    en: 'Your phone is busy with another M-Pesa payment. Finish or cancel that one, wait a minute and try again.',
    sw: 'Simu yako ina malipo mengine ya M-Pesa yanayoendelea. Maliza au ughairi hayo, subiri dakika moja kisha ujaribu tena.',
  },
  '1019': {
    en: 'The payment took too long and was cancelled by M-Pesa. No money was taken. Try again.',
    sw: 'Malipo yamechukua muda mrefu na M-Pesa imeyafuta. Hakuna pesa iliyochukuliwa. Jaribu tena.',
  },
  '1025': {
    en: 'M-Pesa could not show the request on your phone. Unlock the phone, close other menus and try again.',
    sw: 'M-Pesa haikuweza kuonyesha ombi kwenye simu yako. Fungua simu, funga menyu nyingine kisha ujaribu tena.',
  },
  '1032': {
    en: 'You cancelled the payment on your phone. No money was taken. You can try again at any time.',
    sw: 'Umeghairi malipo kwenye simu yako. Hakuna pesa iliyochukuliwa. Unaweza kujaribu tena wakati wowote.',
  },
  '1037': {
    en: 'Your phone did not answer: it may be off, locked or without network. Unlock it, check the network and try again.',
    sw: 'Simu yako haikujibu: huenda imezimwa, imefungwa au haina mtandao. Ifungue, angalia mtandao kisha ujaribu tena.',
  },
  '2001': {
    en: 'The M-Pesa PIN was wrong. No money was taken. Try again with the right PIN.',
    sw: 'PIN ya M-Pesa si sahihi. Hakuna pesa iliyochukuliwa. Jaribu tena na PIN sahihi.',
  },
  '9999': {
    en: 'M-Pesa could not send the request to your phone. No money was taken. Try again in a minute.',
    sw: 'M-Pesa haikuweza kutuma ombi kwenye simu yako. Hakuna pesa iliyochukuliwa. Jaribu tena baada ya dakika moja.',
  },
  '500.001.1001': {
    en: 'Your phone is busy with another M-Pesa payment. Finish or cancel that one, wait a minute and try again.',
    sw: 'Simu yako ina malipo mengine ya M-Pesa yanayoendelea. Maliza au ughairi hayo, subiri dakika moja kisha ujaribu tena.',
  },
  '400.002.02': {
    en: 'M-Pesa does not know this phone number. Check it and try again.',
    sw: 'M-Pesa haitambui nambari hii ya simu. Iangalie kisha ujaribu tena.',
  },
  not_set_up: {
    en: 'Paying with M-Pesa is not set up here. Use a voucher, or ask the staff.',
    sw: 'Kulipa kwa M-Pesa hakujawekwa hapa. Tumia vocha au uulize mhudumu.',
  },
  by_hand: {
    en: 'Our staff looked into this payment and could not accept it. If money was taken, show them the M-Pesa SMS.',
    sw: 'Wahudumu wetu wamekagua malipo haya na hawakuweza kuyapokea. Ikiwa pesa ilichukuliwa, waonyeshe SMS ya M-Pesa.',
  },
  not_asked: {
    en: 'M-Pesa cannot be reached at the moment. Nothing was asked of your phone. Try again in a minute.',
    sw: 'M-Pesa haipatikani kwa sasa. Simu yako haikuulizwa chochote. Jaribu tena baada ya dakika moja.',
  },
};

/** What their owners did themselves, and know. */
export const CANCELLED_BY_PAYER = '1032';

/** All that are known by themselves. */
export const knownResultCodes: readonly string[] = Object.keys(SENTENCES);

/** `code`: of M-Pesa, or ours; null when none is known. */
export function customerSentence(code: string | null): CustomerSentence {
  const known = code === null || !Object.hasOwn(SENTENCES, code) ? undefined : SENTENCES[code];
  return known ?? OTHER;
}

/** Result codes that say that nothing is decided yet. */
export function isUndecided(resultCode: string): boolean {
  return resultCode === '4999';
}
