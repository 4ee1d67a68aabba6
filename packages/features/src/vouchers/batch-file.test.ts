import type { NewVoucherBatch, VoucherFormat } from '@turnpike/contracts/vouchers.js';
import { inflateSync } from 'node:zlib';
import { csvLine } from './batch-csv.js';
import { batchFile, formatAsked, voucherLink } from './batch-file.js';
import { printable, validityWords } from './card-words.js';
import { drawQr } from './qr-path.js';
import { createVoucherCodes } from './voucher-code.js';

const codes = createVoucherCodes(['5a'.repeat(32)]);
const publicUrl = 'http://192.168.100.10:8080';

function aBatch(count: number, more: Partial<NewVoucherBatch> = {}): NewVoucherBatch {
  return {
    id: '0190b5c1-0000-7000-8000-00001a2b3c4d',
    number: '1A2B3C4D',
    packageId: '0190b5c1-0000-7000-8000-000000000001',
    packageName: 'Daily 5 Mbps',
    count,
    priceMinor: 5_000,
    currency: 'KES',
    validForSeconds: 86_400,
    agentId: null,
    expiresAt: '2026-12-31T00:00:00.000Z',
    createdAt: '2026-03-01T12:00:00.000Z',
    codes: Array.from({ length: count }, () => codes.generate()),
    ...more,
  };
}

async function contentOf(batch: NewVoucherBatch, format: VoucherFormat): Promise<Buffer> {
  const file = batchFile(batch, { format, publicUrl, signal: new AbortController().signal });
  const chunks: Uint8Array[] = [];
  for await (const chunk of file?.content ?? []) chunks.push(chunk);
  return Buffer.concat(chunks);
}

/** The content streams of the pages, one after the other. */
function drawn(pdf: Buffer): string[] {
  const text = pdf.toString('latin1');
  return [...text.matchAll(/\/Filter \/FlateDecode\n>>\nstream\n/g)].map((match) => {
    const start = match.index + match[0].length;
    return inflateSync(pdf.subarray(start, text.indexOf('\nendstream', start))).toString('latin1');
  });
}

/** What the text operators show: hexadecimal, with spaces between that only move letters. */
function shown(content: string): string {
  return [...content.matchAll(/\[(.*?)\] TJ/g)]
    .map(([, pieces = '']) =>
      [...pieces.matchAll(/<([0-9a-f]*)>/g)].map(([, hex = '']) => Buffer.from(hex, 'hex').toString('latin1')).join(''),
    )
    .join('\n');
}

describe('a batch as CSV', () => {
  test('has a line for each code, with what it is worth and the link of its QR code', async () => {
    const batch = aBatch(1_000);
    const text = (await contentOf(batch, 'csv')).toString('utf8');
    expect(text.startsWith('\uFEFFbatch,package,price,valid for,redeem before,code,link\r\n')).toBe(true);
    const lines = text.trimEnd().split('\r\n').slice(1);
    expect(lines).toEqual(
      batch.codes.map(
        (code) =>
          `1A2B3C4D,Daily 5 Mbps,KES 50.00,1 day,2026-12-31T00:00:00.000Z,${code},` +
          `${publicUrl}/portal/voucher?code=${code.replaceAll('-', '')}`,
      ),
    );
  });

  test.each(['=1+1', '+1', '-1', '@SUM(A1)', '\t=1', '\r=1', ' =1', '%0A=1', '|calc'])(
    'S6: %j is text to a spreadsheet, never a formula',
    (name) => {
      const cell = csvLine([name, 'x']).slice(0, -',x\r\n'.length);
      expect(cell.startsWith(`"'`)).toBe(true);
    },
  );

  test('commas, quotes and new lines stay in their cell', () => {
    expect(csvLine(['a,b', 'say "yes"', 'two\nlines', 'plain'])).toBe('"a,b","say ""yes""","two\nlines",plain\r\n');
  });

  test('S6: a package with a formula for a name does not become one', async () => {
    const text = (await contentOf(aBatch(1, { packageName: '=HYPERLINK("http://evil")' }), 'csv')).toString('utf8');
    expect(text).toContain(`,"'=HYPERLINK(""http://evil"")",`);
  });
});

describe('a batch as PDF', () => {
  test.each([
    ['pdf-a4', 2],
    ['pdf-58mm', 30],
    ['pdf-80mm', 30],
  ] as const)(
    '%s has every code once, with package, price, validity, batch and how to use it',
    async (format, pages) => {
      const batch = aBatch(30);
      const pdf = await contentOf(batch, format);
      expect(pdf.subarray(0, 5).toString()).toBe('%PDF-');
      expect(pdf.subarray(-6).toString()).toContain('%%EOF');
      const contents = drawn(pdf);
      expect(contents).toHaveLength(pages);
      const text = contents.map(shown).join('\n');
      for (const code of batch.codes) expect(text.split(code)).toHaveLength(2);
      const words = ['Daily 5 Mbps', 'KES 50.00', '1 day / siku 1', '1A2B3C4D', 'Join the WiFi', 'Jiunge na WiFi'];
      for (const word of words) expect(text.split(word)).toHaveLength(31);
      expect(text).toContain('Use before 2026-12-31');
    },
  );

  test('the QR code on a card is the one of its code, drawn as rectangles', async () => {
    const batch = aBatch(1);
    const [content = ''] = drawn(await contentOf(batch, 'pdf-80mm'));
    expect(content).toContain(drawQr(voucherLink(publicUrl, batch.codes[0] ?? '')).path);
  });

  test('letters that the fonts lack become ones that they have', async () => {
    const pdf = await contentOf(aBatch(1, { packageName: 'Café Ž Łódź 中 🚀' }), 'pdf-a4');
    expect(drawn(pdf).map(shown).join('')).toContain('Caf\xe9 \x8e ?\xf3dz ? ?');
    expect(printable('a\u0000b\nc')).toBe('a?b?c');
  });

  test('a price that is not known is left out, and a long name fits', async () => {
    const name = 'A package with a name so long that no card has the room for all of it'.slice(0, 80);
    const pdf = await contentOf(
      aBatch(1, { priceMinor: null, currency: null, packageName: name, expiresAt: null }),
      'pdf-a4',
    );
    const text = drawn(pdf).map(shown).join('\n');
    expect(text).toContain('A package with');
    expect(text).not.toMatch(/KES|Use before/);
  });

  test('its making ends when the caller goes away', async () => {
    const gone = new AbortController();
    const file = batchFile(aBatch(100), { format: 'pdf-58mm', publicUrl, signal: gone.signal });
    const read = async () => {
      let chunks = 0;
      for await (const chunk of file?.content ?? []) {
        chunks += chunk.length;
        gone.abort(new Error('gone'));
      }
      return chunks;
    };
    await expect(read()).rejects.toThrow('gone');
  });
});

test('a QR code is drawn with the three squares in its corners and no module outside', () => {
  const { size, path } = drawQr('http://192.168.100.10:8080/portal/voucher?code=ABCDEFGHJKMN');
  const dark = new Set<string>();
  for (const [, x = '', y = '', width = ''] of path.matchAll(/^(\d+) (\d+) (\d+) 1 re$/gm)) {
    for (let column = 0; column < Number(width); column += 1) dark.add(`${Number(x) + column},${y}`);
  }
  for (const [left, top] of [
    [0, 0],
    [size - 7, 0],
    [0, size - 7],
  ] as const) {
    for (let step = 0; step < 7; step += 1) {
      expect(dark.has(`${left + step},${top}`) && dark.has(`${left},${top + step}`)).toBe(true);
    }
    expect(dark.has(`${left + 1},${top + 1}`)).toBe(false);
    expect(dark.has(`${left + 3},${top + 3}`)).toBe(true);
  }
  for (const module of dark) {
    const [x, y] = module.split(',').map(Number);
    expect(Math.max(x ?? size, y ?? size)).toBeLessThan(size);
  }
});

test.each([
  ['', 'json'],
  ['*/*', 'json'],
  ['application/json', 'json'],
  ['text/csv', 'csv'],
  ['application/pdf', 'pdf-a4'],
  ['text/html, application/pdf;q=0.5, text/csv;q=0.9, */*;q=0.1', 'csv'],
  ['application/pdf;q=0', 'json'],
  ['image/png', 'json'],
])('who accepts %j gets %s', (accept, format) => {
  expect(formatAsked(accept)).toBe(format);
});

test.each([
  [86_400, '1 day', 'siku 1'],
  [7_200, '2 hours', 'saa 2'],
  [93_660, '1 day 2 hours 1 minute', 'siku 1 saa 2 dakika 1'],
])('%i seconds are %s, %s', (seconds, en, sw) => {
  expect(validityWords(seconds)).toEqual({ en, sw });
});
