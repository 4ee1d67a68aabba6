import { AccountingPlan } from '../radius/accounting-plan.js';
import { AckBook } from '../radius/ack-book.js';
import { checkLedger } from './ledger-check.js';
import type { Ledger } from './open-ledger.js';

const customers = { username: 'user%d', password: 'pass%d', count: 2 };
const plan = new AccountingPlan({ run: 'run', customers, active: 2, steps: 3 });
const SINCE = new Date(0);

interface RecordRow {
  day: string;
  key: string;
  merged: boolean;
  body: unknown[];
}
interface SessionRow {
  acctSessionId: string;
  seconds: number;
  inputOctets: string;
  outputOctets: string;
  state: string;
}

function recordOf(packet: number): RecordRow {
  const facts = plan.factsOf(packet);
  const body = [2, 'key', 'router', facts.kind, 0, 0, 0, 'c.x', 0, null, 0, facts.acctSessionId, facts.username];
  const places = [facts.framedIpAddress, facts.mac, 'hotspot1', 'bridge1', facts.sessionSeconds];
  const counters = [facts.inputOctets.toString(), facts.outputOctets.toString(), 0, facts.terminateCause];
  return { day: '2026-01-01', key: `k${packet}`, merged: true, body: [...body, ...places, ...counters] };
}

function sessionOf(packet: number): SessionRow {
  const { acctSessionId, sessionSeconds, inputOctets, outputOctets, kind } = plan.factsOf(packet);
  const octets = { inputOctets: inputOctets.toString(), outputOctets: outputOctets.toString() };
  return { acctSessionId, seconds: sessionSeconds, ...octets, state: kind === 'stop' ? 'closed' : 'open' };
}

/** A ledger that holds these rows, whatever it is asked. */
function ledgerOf(records: readonly RecordRow[], sessions: readonly SessionRow[], wrongUsages = 0): Ledger {
  return {
    query: async (sql) => {
      if (sql.includes('FROM accounting_record')) return { rows: records };
      return { rows: sql.includes('concerned') ? [{ wrong: wrongUsages }] : sessions };
    },
  };
}

/** Session 0 whole (packets 0 to 2), session 1 only begun (3, 4); all acknowledged but the last one. */
function bookOf(): AckBook {
  const book = new AckBook(6);
  for (const packet of [0, 1, 2, 3, 4]) book.sent(packet);
  for (const packet of [0, 1, 2, 3]) book.acked(packet);
  return book;
}

function check(ledger: Ledger) {
  return checkLedger({ ledger, plan, book: bookOf(), since: SINCE });
}

const RIGHT = { missing: 0, doubled: 0, altered: 0, invented: 0, unmerged: 0, wrongSessions: 0, wrongUsages: 0 };
const records = (): RecordRow[] => [0, 1, 2, 3].map(recordOf);
const sessions = (): SessionRow[] => [sessionOf(2), sessionOf(3)];

test('finds nothing in a ledger that says what was acknowledged', async () => {
  expect(await check(ledgerOf(records(), sessions()))).toMatchObject({
    ...RIGHT,
    records: 4,
    sessions: 2,
    examples: [],
  });
});

test('what was sent but not acknowledged may be there', async () => {
  const ledger = ledgerOf([...records(), recordOf(4)], [sessionOf(2), sessionOf(4)]);
  expect(await check(ledger)).toMatchObject({ ...RIGHT, records: 5 });
});

test('finds a record that is missing, and one that is there twice', async () => {
  const lost = ledgerOf(records().slice(1), sessions());
  expect(await check(lost)).toMatchObject({ ...RIGHT, missing: 1 });
  const twice = ledgerOf([...records(), { ...recordOf(1), key: 'other' }], sessions());
  expect(await check(twice)).toMatchObject({ ...RIGHT, doubled: 1 });
});

test.each([3, 11, 12, 13, 14, 17, 18, 19, 21])('finds a record that differs at place %d', async (place) => {
  const [first = recordOf(0), second = recordOf(1), ...others] = records();
  const value = second.body[place];
  // The session and its time say which packet it is: another one makes it a packet that was not sent.
  const other = place === 17 ? 59 : place === 11 ? 'run-zz' : place === 21 ? 3 : `${String(value)}1`;
  const altered = { ...second, body: second.body.with(place, other) };
  const { missing, ...found } = await check(ledgerOf([first, altered, ...others], sessions()));
  if (place === 11 || place === 17) expect({ missing, ...found }).toMatchObject({ missing: 1, invented: 1 });
  else expect({ missing, ...found }).toMatchObject({ missing: 0, altered: 1 });
  expect(found.examples).not.toEqual([]);
});

test('finds a record that was kept but not brought into its session', async () => {
  const [first = recordOf(0), ...others] = records();
  expect(await check(ledgerOf([{ ...first, merged: false }, ...others], sessions()))).toMatchObject({ unmerged: 1 });
});

test('finds sessions with other time, bytes or state, missing ones, doubled ones and wrong bills', async () => {
  const [first = sessionOf(2), second = sessionOf(3)] = sessions();
  const wrong = [
    [{ ...first, seconds: first.seconds + 1 }, second],
    [{ ...first, outputOctets: '1' }, second],
    [{ ...first, state: 'open' }, second],
    [first],
    [first, second, second],
  ];
  for (const rows of wrong) {
    expect(await check(ledgerOf(records(), rows))).toMatchObject({ wrongSessions: 1 });
  }
  expect(await check(ledgerOf(records(), sessions(), 2))).toMatchObject({ wrongUsages: 2 });
});
