/** The same in English and Swahili. */
export interface CardText {
  readonly en: string;
  readonly sw: string;
}

/** How to use a card. */
export const HOW_TO: CardText = {
  en: 'Join the WiFi. Scan, or type the code on the page that opens.',
  sw: 'Jiunge na WiFi. Changanua, au andika msimbo kwenye ukurasa unaofunguka.',
};

const UNITS = [
  { seconds: 86_400, one: 'day', many: 'days', sw: 'siku' },
  { seconds: 3_600, one: 'hour', many: 'hours', sw: 'saa' },
  { seconds: 60, one: 'minute', many: 'minutes', sw: 'dakika' },
  { seconds: 1, one: 'second', many: 'seconds', sw: 'sekunde' },
] as const;

/** Exact: `1 day 2 hours`, `siku 1 saa 2`. */
export function validityWords(seconds: number): CardText {
  const en: string[] = [];
  const sw: string[] = [];
  let left = seconds;
  for (const unit of UNITS) {
    const count = Math.floor(left / unit.seconds);
    left -= count * unit.seconds;
    if (count === 0) continue;
    en.push(`${count} ${count === 1 ? unit.one : unit.many}`);
    sw.push(`${unit.sw} ${count}`);
  }
  return { en: en.join(' '), sw: sw.join(' ') };
}

/** The day a code ends, in UTC: it can be redeemed until then. */
export function redeemBeforeWords(expiresAt: string): CardText {
  const day = expiresAt.slice(0, 10);
  return { en: `Use before ${day}`, sw: `Tumia kabla ya ${day}` };
}

/** Letters that the fonts every reader of PDF has can show: others lose their accents, or become a question mark. */
export function printable(text: string): string {
  return [...text.normalize('NFC')].map(printableLetter).join('');
}

/** Windows-1252, which has these besides Latin-1. */
const EXTRA = '€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ';

function printableLetter(letter: string): string {
  if (isInFont(letter)) return letter;
  const plain = letter.normalize('NFKD').replaceAll(/\p{M}/gu, '');
  return plain !== '' && [...plain].every(isInFont) ? plain : '?';
}

function isInFont(letter: string): boolean {
  return /^[\x20-\x7e\xa0-\xff]$/.test(letter) || EXTRA.includes(letter);
}
