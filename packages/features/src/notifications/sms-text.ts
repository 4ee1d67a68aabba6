/** GSM 7-bit default alphabet (3GPP TS 23.038 6.2.1). */
const BASIC = new Set(
  '@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !"#¤%&\'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà',
);
/** Its extension table (6.2.1.1): two septets each. */
const EXTENDED = new Set('^{}\\[~]|€');

const LOOK_ALIKES = new Map([
  ['’', "'"],
  ['‘', "'"],
  ['“', '"'],
  ['”', '"'],
  ['–', '-'],
  ['—', '-'],
  ['…', '...'],
  ['•', '-'],
  ['\t', ' '],
  ['\u00a0', ' '],
]);

/** One SMS holds so many. */
export const SMS_SEPTETS = 160;

/** Length in septets; undefined when the text needs letters that GSM 7-bit has not. */
export function septetsOf(text: string): number | undefined {
  let septets = 0;
  for (const letter of text) {
    if (BASIC.has(letter)) septets += 1;
    else if (EXTENDED.has(letter)) septets += 2;
    else return undefined;
  }
  return septets;
}

/** With the look-alikes that GSM 7-bit has, where it has some; other scripts stay as they are. */
export function plainSmsText(text: string): string {
  return [...text].map(plainLetter).join('');
}

function plainLetter(letter: string): string {
  if (BASIC.has(letter) || EXTENDED.has(letter)) return letter;
  const alike = LOOK_ALIKES.get(letter);
  if (alike !== undefined) return alike;
  const bare = letter.normalize('NFKD').replace(/\p{M}/gu, '');
  return septetsOf(bare) === undefined ? letter : bare;
}
