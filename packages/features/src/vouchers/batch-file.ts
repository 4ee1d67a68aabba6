import type { NewVoucherBatch, VoucherFormat } from '@turnpike/contracts/vouchers.js';
import type { FileAnswer } from '@turnpike/runtime/http/file-answer.js';
import { batchCsv } from './batch-csv.js';
import type { BatchPdfOptions } from './batch-pdf.js';

export interface BatchFileOptions {
  readonly format: VoucherFormat;
  /** Where phones reach the portal. */
  readonly publicUrl: string;
  /** Ends the making. */
  readonly signal: AbortSignal;
}

/** A batch with its codes to print or to import elsewhere; undefined for JSON. Made while it is read, a piece at a time. */
export function batchFile(
  batch: NewVoucherBatch,
  { format, publicUrl, signal }: BatchFileOptions,
): FileAnswer | undefined {
  const linkOf = (code: string): string => voucherLink(publicUrl, code);
  const name = `vouchers-${batch.number}`;
  switch (format) {
    case 'json':
      return undefined;
    case 'csv':
      return {
        contentType: 'text/csv; charset=utf-8; header=present',
        fileName: `${name}.csv`,
        content: batchCsv(batch, linkOf),
      };
    case 'pdf-a4':
    case 'pdf-58mm':
    case 'pdf-80mm':
      return {
        contentType: 'application/pdf',
        fileName: `${name}-${format.slice('pdf-'.length)}.pdf`,
        content: pdfOf(batch, { paper: format, linkOf, signal }),
      };
  }
}

/** What makes PDFs is 25 MB that a process which never prints does without. */
async function* pdfOf(batch: NewVoucherBatch, options: BatchPdfOptions): AsyncGenerator<Uint8Array> {
  const { batchPdf } = await import('./batch-pdf.js');
  yield* batchPdf(batch, options);
}

/** A page of the portal that logs the phone in with the code; the shorter it is, the larger the dots of its QR code. */
export function voucherLink(publicUrl: string, code: string): string {
  return `${publicUrl.replace(/\/+$/, '')}/portal/voucher?code=${code.replaceAll('-', '')}`;
}

/** The format for an Accept header (RFC 9110 section 12.5.1): the type it likes best of those that there are. */
export function formatAsked(accept: string): VoucherFormat {
  const liked = accept
    .toLowerCase()
    .split(',')
    .map((item) => item.split(';').map((part) => part.trim()))
    .flatMap(([type = '', ...parameters]) => {
      const format = FORMAT_OF[type];
      const quality = Number(
        /^q=(\d(?:\.\d{0,3})?)$/.exec(parameters.find((text) => text.startsWith('q=')) ?? '')?.[1] ?? 1,
      );
      return format === undefined || quality === 0 ? [] : [{ format, quality }];
    });
  return liked.sort((a, b) => b.quality - a.quality)[0]?.format ?? 'json';
}

const FORMAT_OF: Readonly<Record<string, VoucherFormat>> = {
  'application/json': 'json',
  '*/*': 'json',
  'text/csv': 'csv',
  'application/pdf': 'pdf-a4',
};
