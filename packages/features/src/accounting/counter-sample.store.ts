import type { Tx } from '@turnpike/db/database.js';
import type { CounterSample } from './counter-wraps.js';
import { plainArray } from './sql-array.js';

export interface SessionSample extends CounterSample {
  readonly sessionId: string;
}

/** Adds samples; those that are there already stay one. */
export async function addSamples(tx: Tx, samples: readonly SessionSample[]): Promise<void> {
  await tx.$executeRaw`
    INSERT INTO session_counter_sample (session_id, seconds, ended, input_octets, output_octets)
    SELECT * FROM unnest(
      ${plainArray(samples.map((sample) => sample.sessionId))}::uuid[],
      ${plainArray(samples.map((sample) => sample.seconds))}::int[],
      ${plainArray(samples.map((sample) => sample.ended))}::bool[],
      ${plainArray(samples.map((sample) => sample.inputOctets))}::bigint[],
      ${plainArray(samples.map((sample) => sample.outputOctets))}::bigint[])
    ORDER BY 1, 2, 3, 4, 5
    ON CONFLICT DO NOTHING`;
}

export async function samplesOf(tx: Tx, sessionIds: readonly string[]): Promise<Map<string, CounterSample[]>> {
  const rows = await tx.$queryRaw<(CounterSample & { sessionId: string })[]>`
    SELECT session_id::text AS "sessionId", seconds, ended, input_octets::float8 AS "inputOctets",
           output_octets::float8 AS "outputOctets"
    FROM session_counter_sample WHERE session_id = ANY(${plainArray(sessionIds)}::uuid[])`;
  const bySession = new Map<string, CounterSample[]>();
  for (const { sessionId, ...sample } of rows) {
    const samples = bySession.get(sessionId);
    if (samples === undefined) bySession.set(sessionId, [sample]);
    else samples.push(sample);
  }
  return bySession;
}

/** Removes the samples of sessions that ended before; what comes of them later still counts by its greatest value. */
export async function removeSamplesOfEnded(tx: Tx, before: Date): Promise<number> {
  return tx.$executeRaw`
    DELETE FROM session_counter_sample c USING session s
    WHERE s.id = c.session_id AND s.state = 'closed' AND s.last_seen_at < ${before}`;
}
