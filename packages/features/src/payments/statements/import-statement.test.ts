import { openPaymentsRig, type PaymentsRig } from '../payments-rig.js';
import { queryAnswer, stkResult } from '../test-daraja.js';
import { parseCsv } from './csv-table.js';
import { readMpesaStatement } from './mpesa-statement.js';

let rig: PaymentsRig;
let packageId: string;

const BY = { actor: 'operator-1', requestId: 'request-1' };
const HEAD =
  'Receipt No.,Completion Time,Initiation Time,Details,Transaction Status,Paid In,Withdrawn,Balance,Other Party Info,A/C No.';

beforeAll(async () => {
  rig = await openPaymentsRig();
  packageId = (await rig.newPackage({ priceMinor: 1_000 })).id;
});

afterAll(async () => {
  await rig.close();
});

afterEach(() => rig.forget());

const line = (
  receipt: string,
  paidIn: string,
  phone = '254712345678',
  more: { status?: string; withdrawn?: string } = {},
) =>
  `${receipt},01-03-2026 15:00:05,01-03-2026 15:00:00,Pay Bill from ${phone} - JANE DOE Acc. x,${more.status ?? 'Completed'},"${paidIn}",${more.withdrawn ?? ''},"1,000.00",${phone} - JANE DOE,x`;
const statement = (...lines: string[]): string => ['\uFEFFShort Code,600123', HEAD, ...lines, ''].join('\r\n');
const take = (csv: string) => rig.service.importStatement({ csv, currency: 'KES' }, BY);

describe('a statement of the M-Pesa portal', () => {
  test('is compared line by line: matched, other amount, missing, not for us, unreadable; and again it is all known', async () => {
    const one = await rig.asked(packageId);
    await rig.told(one.token, stkResult({ id: one.checkoutId }));
    const two = await rig.asked(packageId, '0712345679');
    await rig.told(two.token, stkResult({ id: two.checkoutId, receipt: 'SGR0000002', phone: 254_712_345_679 }));
    const csv = statement(
      line('sgr0000001', '10.00'),
      line('SGR0000002', '1,010.00'),
      line('SGR0000003', '50.00', '254700000009'),
      line('SGR0000004', '', undefined, { withdrawn: '-500.00' }),
      line('SGR0000005', '10.00', undefined, { status: 'Failed' }),
      line('SGR0000006', 'ten'),
    );
    const result = await take(csv);
    expect(result).toMatchObject({ lines: 3, matched: 1, amount: 1, missing: 1, skipped: 2, known: 0 });
    expect(result.problems.map(({ receipt, verdict }) => [receipt, verdict])).toEqual([
      ['SGR0000006', 'unreadable'],
      ['SGR0000002', 'amount'],
      ['SGR0000003', 'missing'],
    ]);
    expect((await rig.service.review({ limit: 5 })).items).toMatchObject([
      { receipt: 'SGR0000003', amountMinor: 5_000, msisdn: '254700000009' },
    ]);
    expect(await take(csv)).toMatchObject({ lines: 3, known: 3, matched: 0, missing: 0, amount: 0 });
    expect(await rig.db.statementLine.count()).toBe(3);
  });

  test('names the receipt of a payment that was settled by asking, and does not take it for other money', async () => {
    const { reference } = await rig.asked(packageId);
    rig.daraja.onQuery = () => queryAnswer('0');
    await rig.later(15);
    expect(await take(statement(line('SGR0000001', '10.00')))).toMatchObject({ matched: 1, missing: 0 });
    expect(await rig.payment(reference)).toMatchObject({ receipt: 'SGR0000001', state: 'succeeded' });
  });

  test('brings a payment back that was thought failed', async () => {
    const { reference, token, checkoutId, id } = await rig.asked(packageId);
    await rig.told(token, stkResult({ id: checkoutId, code: 1037 }));
    const { problems } = await take(statement(line('SGR0000001', '10.00')));
    expect(problems).toMatchObject([
      { verdict: 'missing', paymentId: id, detail: expect.stringContaining('after all') },
    ]);
    await rig.service.resolve(id, { as: 'paid', note: 'by the statement' }, BY);
    expect(await rig.payment(reference)).toMatchObject({ state: 'succeeded', receipt: 'SGR0000001' });
    expect(await rig.db.entitlement.count()).toBe(1);
  });

  test('imported by two at once makes each missing payment once', async () => {
    const csv = statement(...Array.from({ length: 5 }, (_, n) => line(`SGR000001${n}`, '10.00', `25470000000${n}`)));
    const both = await Promise.all([take(csv), take(csv)]);
    expect(both.map(({ missing }) => missing).sort()).toEqual([0, 5]);
    expect(await rig.db.payment.count({ where: { state: 'review' } })).toBe(5);
  });

  test('without its headings is refused in words', async () => {
    await expect(take('a,b\n1,2\n')).rejects.toMatchObject({
      code: 'validation_failed',
      issues: [{ path: 'csv', message: expect.stringContaining('Receipt No.') }],
    });
  });
});

describe('reading it', () => {
  test('takes columns in any order, semicolons, tabs, and other notations of time', () => {
    const rows = ['Paid In;Status;Completed;Receipt', '10;Completed;2026-03-01 15:00;ABC1234567', '-5;;x;y'];
    for (const separator of [';', '\t']) {
      const { money, skipped } = readMpesaStatement(rows.join('\n').replaceAll(';', separator), 'KES');
      expect(money).toMatchObject([
        { line: 2, receipt: 'ABC1234567', amountMinor: 1_000n, completedAt: new Date('2026-03-01T12:00:00Z') },
      ]);
      expect(skipped).toBe(1);
    }
  });

  test('knows quotes, doubled quotes, and line ends within them', () => {
    expect(parseCsv('a,"b ""x"", c","d\ne"\r\n\r\nf,,\n')).toEqual([
      { line: 1, cells: ['a', 'b "x", c', 'd\ne'] },
      { line: 4, cells: ['f', '', ''] },
    ]);
  });
});
