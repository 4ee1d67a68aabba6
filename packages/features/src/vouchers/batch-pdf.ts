import { once } from 'node:events';
import type { NewVoucherBatch } from '@turnpike/contracts/vouchers.js';
import { createBreather } from './breather.js';
import { layouts, type CardLayout, type Paper } from './card-layout.js';
import { drawQr } from './qr-path.js';
import { rounded, StencilDocument, type CardFont, type Stencil } from './stencil-document.js';

export interface BatchPdfOptions {
  readonly paper: Paper;
  /** What the QR code of a code says. */
  readonly linkOf: (code: string) => string;
  readonly signal?: AbortSignal | undefined;
}

const FONTS: readonly CardFont[] = ['Helvetica', 'Helvetica-Bold'];

/**
 * Cards with the codes of a batch, piece by piece as they are ready: of 10,000 cards one page is in memory. Other work of
 * the process goes on meanwhile. Throws the reason of `signal` when that aborts.
 */
export async function* batchPdf(
  batch: NewVoucherBatch,
  { paper, linkOf, signal }: BatchPdfOptions,
): AsyncGenerator<Uint8Array> {
  const layout = layouts[paper];
  const document = openDocument(batch, layout);
  const ready: Uint8Array[] = [];
  document.on('data', (chunk: Uint8Array) => ready.push(chunk));
  const ended = once(document, 'end');
  const breathe = createBreather();
  const perPage = layout.columns * layout.rows;
  const words = wordsStencil(batch, layout);
  const sheet = layout.rows > 1 ? cutLines(layout) : undefined;
  for (const [index, code] of batch.codes.entries()) {
    const place = index % perPage;
    if (place === 0) {
      signal?.throwIfAborted();
      document.addPage();
      yield* ready.splice(0);
      document.useFonts(FONTS);
      if (sheet !== undefined) document.stamp(sheet, 0, 0);
    }
    const x = layout.left + (place % layout.columns) * layout.width;
    const y = layout.top + Math.floor(place / layout.columns) * layout.height;
    document.stamp(words, x, y);
    drawCode(document, layout, { code, link: linkOf(code), x, y });
    await breathe();
  }
  document.end();
  await ended;
  yield* ready.splice(0);
}

function openDocument({ number, packageName, createdAt }: NewVoucherBatch, layout: CardLayout): StencilDocument {
  const document = new StencilDocument({
    size: [layout.pageWidth, layout.pageHeight],
    margin: 0,
    autoFirstPage: false,
    info: {
      Title: `Vouchers ${packageName}, batch ${number}`,
      Creator: 'Turnpike',
      CreationDate: new Date(createdAt),
    },
  });
  // Stencils of one document are used in another: the fonts have the same names there when they come in the same order.
  for (const font of FONTS) document.font(font);
  return document;
}

/** Recorded on a page of its own document: it takes a page to lay text out, and this one is never sent. */
function wordsStencil(batch: NewVoucherBatch, layout: CardLayout): Stencil {
  const scratch = openDocument(batch, layout);
  scratch.addPage();
  return scratch.record(() => {
    scratch.save();
    layout.drawWords(scratch, batch);
    scratch.restore();
  });
}

function cutLines(layout: CardLayout): Stencil {
  const { columns, rows, left, top, width, height } = layout;
  const operators = ['q', '0.25 w', '0.7 G', '[2 2] 0 d'];
  for (let column = 0; column <= columns; column += 1) {
    const x = rounded(left + column * width);
    operators.push(`${x} ${rounded(top)} m ${x} ${rounded(top + rows * height)} l S`);
  }
  for (let row = 0; row <= rows; row += 1) {
    const y = rounded(top + row * height);
    operators.push(`${rounded(left)} ${y} m ${rounded(left + columns * width)} ${y} l S`);
  }
  return { operators: [...operators, 'Q'].join('\n') };
}

interface PlacedCode {
  readonly code: string;
  readonly link: string;
  readonly x: number;
  readonly y: number;
}

function drawCode(document: StencilDocument, layout: CardLayout, { code, link, x, y }: PlacedCode): void {
  const qr = drawQr(link);
  const scale = layout.qr.side / qr.size;
  const [left, top] = [rounded(x + layout.qr.x), rounded(y + layout.qr.y)];
  document.addContent(`q\n0 g\n${scale.toFixed(4)} 0 0 ${scale.toFixed(4)} ${left} ${top} cm\n${qr.path}\nQ`);
  document.line({
    text: code,
    x: x + layout.code.x,
    y: y + layout.code.y,
    font: 'Courier-Bold',
    size: layout.code.size,
  });
}
