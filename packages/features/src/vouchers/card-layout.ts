import type { NewVoucherBatch } from '@turnpike/contracts/vouchers.js';
import { moneyText } from '@turnpike/core/money.js';
import { HOW_TO, printable, redeemBeforeWords, validityWords } from './card-words.js';
import type { CardFont, StencilDocument } from './stencil-document.js';

export type Paper = 'pdf-a4' | 'pdf-58mm' | 'pdf-80mm';

/** Lengths in points, 72 to the inch. */
export interface CardLayout {
  readonly pageWidth: number;
  readonly pageHeight: number;
  readonly columns: number;
  readonly rows: number;
  /** Corner of the first card. */
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
  readonly qr: { readonly x: number; readonly y: number; readonly side: number };
  readonly code: { readonly x: number; readonly y: number; readonly size: number };
  /** Words that are the same on every card, at its origin. */
  readonly drawWords: (document: StencilDocument, batch: NewVoucherBatch) => void;
}

const mm = (length: number): number => (length * 72) / 25.4;

/** 24 cards of 66 x 35 mm to cut out. */
const A4: CardLayout = {
  pageWidth: mm(210),
  pageHeight: mm(297),
  columns: 3,
  rows: 8,
  left: mm(6),
  top: mm(8.5),
  width: mm(66),
  height: mm(35),
  qr: { x: mm(42), y: mm(2.8), side: mm(21) },
  code: { x: mm(3), y: mm(19), size: 11.8 },
  drawWords: (document, batch) => {
    const words = wordsOf(batch);
    const [x, width] = [mm(3), mm(35.5)];
    const at = (y: number, text: string, font: CardFont, size: number, grey = false): void =>
      document.line({ ...fitted(document, text, { font, size, width }), x, y: mm(y), font, grey });
    at(3, words.name, 'Helvetica-Bold', 9);
    at(7, words.price, 'Helvetica-Bold', 13);
    at(12.4, words.validity, 'Helvetica', 7);
    at(15.3, words.expiry, 'Helvetica', 6, true);
    const whole = { font: 'Helvetica', x, grey: true } as const;
    const long = { font: 'Helvetica', size: 6, width: mm(60) } as const;
    document.line({ ...fitted(document, HOW_TO.en, long), ...whole, y: mm(26.4) });
    document.line({ ...fitted(document, HOW_TO.sw, long), ...whole, y: mm(28.9) });
    document.line({ ...fitted(document, words.batch, { ...long, size: 5.5 }), ...whole, y: mm(31.5) });
  },
};

/** One card after the other, torn off: what is printed stays clear of the edges that a roll printer cannot reach. */
function roll(paper: { width: number; margin: number; qr: number; code: number; scale: number }): CardLayout {
  const { scale, margin } = paper;
  const width = mm(paper.width);
  const below = mm(27) * scale + mm(paper.qr);
  const codeWidth = 14 * 0.6 * paper.code;
  return {
    pageWidth: width,
    pageHeight: below + mm(27) * scale,
    columns: 1,
    rows: 1,
    left: 0,
    top: 0,
    width,
    height: below + mm(27) * scale,
    qr: { x: (width - mm(paper.qr)) / 2, y: mm(23.5) * scale, side: mm(paper.qr) },
    code: { x: (width - codeWidth) / 2, y: below, size: paper.code },
    drawWords: (document, batch) => {
      const words = wordsOf(batch);
      const inner = width - 2 * mm(margin);
      const centred = (y: number, text: string, font: CardFont, size: number): void => {
        const line = fitted(document, text, { font, size: size * scale, width: inner });
        const x = (width - document.widthOf(line.text, font, line.size)) / 2;
        document.line({ ...line, x, y, font });
      };
      centred(mm(3) * scale, words.name, 'Helvetica-Bold', 10);
      centred(mm(7.5) * scale, words.price, 'Helvetica-Bold', 15);
      centred(mm(14) * scale, words.validity, 'Helvetica', 8);
      centred(mm(17.5) * scale, words.expiry, 'Helvetica', 7);
      const lines = [
        ...wrapped(document, HOW_TO.en, inner, 7 * scale),
        ...wrapped(document, HOW_TO.sw, inner, 7 * scale),
      ];
      lines.forEach((text, index) => centred(below + mm(8 + index * 3) * scale, text, 'Helvetica', 7));
      centred(below + mm(9 + lines.length * 3) * scale, words.batch, 'Helvetica', 6);
    },
  };
}

export const layouts: Readonly<Record<Paper, CardLayout>> = {
  'pdf-a4': A4,
  'pdf-58mm': roll({ width: 58, margin: 5, qr: 30, code: 15, scale: 1 }),
  'pdf-80mm': roll({ width: 80, margin: 4, qr: 42, code: 22, scale: 1.3 }),
};

function wordsOf({ packageName, priceMinor, currency, validForSeconds, expiresAt, number }: NewVoucherBatch) {
  const valid = validityWords(validForSeconds);
  const before = expiresAt === null ? undefined : redeemBeforeWords(expiresAt);
  return {
    name: printable(packageName),
    price: priceMinor === null || currency === null ? '' : printable(moneyText(priceMinor, currency)),
    validity: `${valid.en} / ${valid.sw}`,
    expiry: before === undefined ? '' : `${before.en} / ${before.sw}`,
    batch: `Batch / Kundi ${number}`,
  };
}

/** Smaller where it is a little too long, cut off where it is much so. */
function fitted(
  document: StencilDocument,
  text: string,
  { font, size, width }: { font: CardFont; size: number; width: number },
): { text: string; size: number } {
  const has = document.widthOf(text, font, size);
  if (has <= width) return { text, size };
  const smaller = Math.max(size * 0.7, (size * width) / has);
  let kept = text;
  while (kept.length > 1 && document.widthOf(`${kept}…`, font, smaller) > width) kept = kept.slice(0, -1);
  return { text: document.widthOf(text, font, smaller) <= width + 0.01 ? text : `${kept.trimEnd()}…`, size: smaller };
}

function wrapped(document: StencilDocument, text: string, width: number, size: number): string[] {
  const lines: string[] = [];
  for (const word of text.split(' ')) {
    const last = lines.at(-1);
    const longer = `${last ?? ''} ${word}`;
    if (last === undefined || document.widthOf(longer, 'Helvetica', size) > width) lines.push(word);
    else lines[lines.length - 1] = longer;
  }
  return lines;
}
