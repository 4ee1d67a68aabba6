import { z } from 'zod';
import type { AccountingFacts, AccountingPlan } from '../radius/accounting-plan.js';
import type { AckBook } from '../radius/ack-book.js';
import type { Ledger } from './open-ledger.js';
import { readRecordBody, type RecordBody } from './record-body.js';

/** What the ledger says against what was acknowledged. All but `records` and `sessions` have to be 0. */
export interface LedgerCheck {
  /** Records of this run in the ledger. */
  readonly records: number;
  /** Acknowledged, but not there. */
  readonly missing: number;
  /** There twice or more. */
  readonly doubled: number;
  /** There, but saying something else than the packet. */
  readonly altered: number;
  /** There, but never sent. */
  readonly invented: number;
  /** Kept, but not brought into a session. */
  readonly unmerged: number;
  readonly sessions: number;
  /** Sessions whose time, bytes or state differ from the highest packet that arrived, or that are missing or doubled. */
  readonly wrongSessions: number;
  /** Entitlements whose usage is not the sum of their sessions. */
  readonly wrongUsages: number;
  /** The first few differences, for people. */
  readonly examples: readonly string[];
}

const PAGE = 20_000;
const MOST_EXAMPLES = 5;

const recordRow = z.object({ day: z.string(), key: z.string(), body: z.unknown(), merged: z.boolean() });

const sessionRow = z.object({
  acctSessionId: z.string(),
  seconds: z.number(),
  inputOctets: z.string(),
  outputOctets: z.string(),
  state: z.string(),
});

/** Reads every record and session of the run and compares. `since`: before the first packet. */
export async function checkLedger(options: {
  readonly ledger: Ledger;
  readonly plan: AccountingPlan;
  readonly book: AckBook;
  readonly since: Date;
}): Promise<LedgerCheck> {
  const { plan, book } = options;
  const examples: string[] = [];
  const tell = (text: string): void => {
    if (examples.length < MOST_EXAMPLES) examples.push(text);
  };
  const seen = new Uint8Array(book.highest + 1);
  const records = await readRecords(options, seen, tell);
  let missing = 0;
  for (let packet = 0; packet <= book.highest; packet += 1) {
    if (!book.isAcked(packet) || seen[packet] !== 0) continue;
    missing += 1;
    tell(`missing: ${describe(plan.factsOf(packet))}`);
  }
  const sessions = await checkSessions(options, seen, tell);
  const wrongUsages = await countWrongUsages(options.ledger, plan.options.run);
  return { ...records, missing, ...sessions, wrongUsages, examples };
}

async function readRecords(
  { ledger, plan, book, since }: { ledger: Ledger; plan: AccountingPlan; book: AckBook; since: Date },
  seen: Uint8Array,
  tell: (text: string) => void,
) {
  const totals = { records: 0, doubled: 0, altered: 0, invented: 0, unmerged: 0 };
  for (let after = { day: '0001-01-01', key: '' }; ;) {
    const { rows } = await ledger.query(
      `SELECT received_on::text AS day, dedup_key AS key, body, merged_at IS NOT NULL AS merged
       FROM accounting_record
       WHERE (received_on, dedup_key) > ($1::date, $2)
         AND received_on >= ($3::timestamptz AT TIME ZONE 'UTC')::date AND received_at >= $3
       ORDER BY received_on, dedup_key LIMIT ${PAGE}`,
      [after.day, after.key, since],
    );
    for (const raw of rows) {
      const row = recordRow.parse(raw);
      const body = readRecordBody(row.body);
      const session = plan.parseSessionId(body.acctSessionId);
      if (session === undefined) continue;
      totals.records += 1;
      if (!row.merged) totals.unmerged += 1;
      const packet = plan.packetAt(session, body.sessionSeconds);
      if (packet === undefined || !book.isSent(packet)) {
        totals.invented += 1;
        tell(`never sent: ${body.acctSessionId} at ${body.sessionSeconds} s`);
        continue;
      }
      if (seen[packet] !== 0) {
        totals.doubled += 1;
        tell(`twice: ${describe(plan.factsOf(packet))}`);
      }
      seen[packet] = 1;
      if (!isFaithful(body, plan.factsOf(packet))) {
        totals.altered += 1;
        tell(`altered: ${JSON.stringify(body)}`);
      }
    }
    if (rows.length < PAGE) return totals;
    const { day, key } = recordRow.parse(rows[rows.length - 1]);
    after = { day, key };
  }
}

function isFaithful(record: RecordBody, facts: AccountingFacts): boolean {
  return (
    record.kind === facts.kind &&
    record.sessionSeconds === facts.sessionSeconds &&
    record.inputOctets === facts.inputOctets.toString() &&
    record.outputOctets === facts.outputOctets.toString() &&
    record.username === facts.username &&
    record.framedIpAddress === facts.framedIpAddress &&
    record.callingStationId === facts.mac &&
    record.terminateCause === facts.terminateCause
  );
}

/** A session has to say what its highest packet in the ledger says; `seen` are those that are there. */
async function checkSessions(
  { ledger, plan, book }: { ledger: Ledger; plan: AccountingPlan; book: AckBook },
  seen: Uint8Array,
  tell: (text: string) => void,
): Promise<{ sessions: number; wrongSessions: number }> {
  const { steps, run } = plan.options;
  const expected = new Map<number, number>();
  for (let packet = 0; packet <= book.highest; packet += 1) {
    if (seen[packet] !== 0) expected.set(plan.sessionOf(packet), packet);
  }
  const { rows } = await ledger.query(
    `SELECT acct_session_id AS "acctSessionId", session_seconds AS seconds, input_octets::text AS "inputOctets",
       output_octets::text AS "outputOctets", state::text AS state
     FROM session WHERE acct_session_id LIKE $1`,
    [`${run}-%`],
  );
  let wrongSessions = 0;
  const met = new Set<number>();
  for (const raw of rows) {
    const row = sessionRow.parse(raw);
    const session = plan.parseSessionId(row.acctSessionId) ?? -1;
    const packet = expected.get(session);
    const right = packet !== undefined && !met.has(session) && isExact(row, plan.factsOf(packet), packet % steps);
    met.add(session);
    if (right) continue;
    wrongSessions += 1;
    tell(
      `session ${row.acctSessionId}: ${JSON.stringify(row)}, expected ${packet === undefined ? 'none' : describe(plan.factsOf(packet))}`,
    );
  }
  for (const session of expected.keys()) {
    if (met.has(session)) continue;
    wrongSessions += 1;
    tell(`session ${plan.sessionIdOf(session)} is missing`);
  }
  return { sessions: rows.length, wrongSessions };
}

function isExact(row: z.infer<typeof sessionRow>, facts: AccountingFacts, step: number): boolean {
  return (
    row.seconds === facts.sessionSeconds &&
    row.inputOctets === facts.inputOctets.toString() &&
    row.outputOctets === facts.outputOctets.toString() &&
    (row.state === 'closed') === (facts.kind === 'stop' && step > 0)
  );
}

/** What is billed is what the sessions say, once each. */
async function countWrongUsages(ledger: Ledger, run: string): Promise<number> {
  const { rows } = await ledger.query(
    `WITH concerned AS (SELECT DISTINCT entitlement_id FROM session WHERE acct_session_id LIKE $1 AND entitlement_id IS NOT NULL),
     billed AS (
       SELECT s.entitlement_id, sum(s.input_octets + s.output_octets) AS octets, sum(s.session_seconds) AS seconds
       FROM session s JOIN concerned USING (entitlement_id) GROUP BY 1)
     SELECT count(*)::int AS wrong FROM billed b JOIN entitlement e ON e.id = b.entitlement_id
     WHERE e.used_octets <> b.octets OR e.used_seconds <> b.seconds`,
    [`${run}-%`],
  );
  return z.object({ wrong: z.number() }).parse(rows[0]).wrong;
}

function describe(facts: AccountingFacts): string {
  return `${facts.kind} of ${facts.acctSessionId} at ${facts.sessionSeconds} s, ${facts.inputOctets}/${facts.outputOctets} bytes`;
}
