import { randomUUID } from 'node:crypto';
import { Agent, request } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import { z } from 'zod';
import type { LoadtestConfig } from './config.js';
import { api, type Instance } from './instance.js';
import { withLedger } from './ledger/open-ledger.js';
import { LatencyHistogram } from './radius/latency-histogram.js';
import type { Say } from './radius/target.js';
import type { Figure } from './results.js';

export const VOUCHERS_WHOLE = { COUNT: 10_000, TIMES: 20 };
const MAX_MAKING_S = 10;
const MAX_WAIT_MS = 50;
/** Codes that are asked for at the same time, each by TIMES. */
const CODES_AT_ONCE = 16;
const MOST_TRIES = 40;
const PROBE_EVERY_MS = 10;

const created = z.object({ id: z.string() });
const batchOf = z.object({ id: z.string(), codes: z.array(z.string()) });
const redeemed = z.object({ username: z.string(), code: z.string() });

/** Makes and prints vouchers, then redeems each by many phones at the same time, and counts what came of it in PostgreSQL. */
export async function vouchers(
  config: LoadtestConfig,
  instance: Instance,
  say: Say,
  signal: AbortSignal,
): Promise<Figure[]> {
  const count = Math.min(config.COUNT ?? VOUCHERS_WHOLE.COUNT, VOUCHERS_WHOLE.COUNT);
  const times = config.TIMES ?? VOUCHERS_WHOLE.TIMES;
  const packageId = await newPackage(instance);
  say(`making ${count} codes with their sheets of cards, while other requests go on`);
  const made = await makeBatch(instance, { packageId, count }, signal);
  say(`redeeming each of them ${times} times at once over HTTP`);
  const redeeming = await redeemAll(instance, made.codes, times, say, signal);
  const kept = await withLedger(instance.postgresUrl, async (ledger) => {
    const { rows } = await ledger.query(CHECK, [made.batchId]);
    return checked.parse(rows[0]);
  });
  return [
    { name: `${count} codes made and printed on A4 (PDF)`, value: made.seconds, unit: 's', atMost: MAX_MAKING_S },
    { name: 'size of the PDF', value: made.bytes / 1e6, unit: 'MB' },
    { name: 'another request meanwhile, p99', value: made.others.percentile(99), unit: 'ms', atMost: MAX_WAIT_MS },
    { name: 'another request meanwhile, longest', value: made.others.maxMs, unit: 'ms' },
    { name: 'requests to redeem', value: count * times, unit: '' },
    { name: 'requests to redeem per second', value: (count * times) / redeeming.seconds, unit: '/s' },
    { name: 'latency p50', value: redeeming.latencies.percentile(50), unit: 'ms' },
    { name: 'latency p99', value: redeeming.latencies.percentile(99), unit: 'ms' },
    { name: 'asked again, because the service was busy', value: redeeming.askedAgain, unit: '' },
    { name: 'answers other than the one customer of the code', value: redeeming.wrong, unit: '', atMost: 0 },
    { name: 'codes redeemed', value: kept.vouchers, unit: '', atLeast: count, atMost: count },
    { name: 'customers made', value: kept.customers, unit: '', atLeast: count, atMost: count },
    { name: 'entitlements given', value: kept.entitlements, unit: '', atLeast: count, atMost: count },
  ];
}

const checked = z.object({ vouchers: z.number(), customers: z.number(), entitlements: z.number() });

/** Counts every entitlement of the customers who have the codes, not only those that the codes name. */
const CHECK = `
  WITH redeemed AS (SELECT customer_id FROM voucher WHERE batch_id = $1::uuid AND state = 'redeemed')
  SELECT (SELECT count(*) FROM redeemed)::int AS vouchers,
         (SELECT count(DISTINCT customer_id) FROM redeemed)::int AS customers,
         (SELECT count(*) FROM entitlement WHERE customer_id IN (SELECT customer_id FROM redeemed))::int AS entitlements`;

async function newPackage(instance: Instance): Promise<string> {
  const body = {
    name: `Vouchers ${Date.now().toString(36)}`,
    type: 'hotspot',
    priceMinor: 5_000,
    currency: 'KES',
    validForSeconds: 3_600,
    downKbps: 5_000,
    upKbps: 1_000,
  };
  return created.parse(await api(instance, 'POST', '/packages', body)).id;
}

interface MadeBatch {
  readonly batchId: string;
  readonly codes: readonly string[];
  readonly seconds: number;
  readonly bytes: number;
  /** Latencies of other requests meanwhile. */
  readonly others: LatencyHistogram;
}

/** The PDF first; the codes are then told once more, as the same Idempotency-Key gets the same batch. */
async function makeBatch(
  instance: Instance,
  body: { packageId: string; count: number },
  signal: AbortSignal,
): Promise<MadeBatch> {
  const others = new LatencyHistogram();
  const finished = new AbortController();
  const probing = probe(instance, others, AbortSignal.any([signal, finished.signal]));
  const key = randomUUID();
  const ask = async (accept: string): Promise<Response> => {
    const response = await fetch(`${instance.apiUrl}/voucher-batches`, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${instance.apiToken}`,
        'content-type': 'application/json',
        'idempotency-key': key,
        accept,
      },
      body: JSON.stringify(body),
      signal,
    });
    if (!response.ok) throw new Error(`POST /voucher-batches answered ${response.status}: ${await response.text()}`);
    return response;
  };
  const startedMs = performance.now();
  const pdf = await (await ask('application/pdf')).arrayBuffer();
  const seconds = (performance.now() - startedMs) / 1000;
  finished.abort();
  await probing;
  const { id, codes } = batchOf.parse(await (await ask('application/json')).json());
  return { batchId: id, codes, seconds, bytes: pdf.byteLength, others };
}

async function probe(instance: Instance, latencies: LatencyHistogram, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    const startedMs = performance.now();
    await (await fetch(`${instance.apiUrl}/health/live`)).arrayBuffer();
    latencies.add(performance.now() - startedMs);
    await delay(PROBE_EVERY_MS, undefined, { signal }).catch(() => undefined);
  }
}

interface Redeeming {
  readonly seconds: number;
  readonly latencies: LatencyHistogram;
  readonly askedAgain: number;
  readonly wrong: number;
}

async function redeemAll(
  instance: Instance,
  codes: readonly string[],
  times: number,
  say: Say,
  signal: AbortSignal,
): Promise<Redeeming> {
  const agent = new Agent({ keepAlive: true, maxSockets: CODES_AT_ONCE * times });
  const latencies = new LatencyHistogram();
  const counts = { askedAgain: 0, wrong: 0, done: 0 };
  const waiting = codes.values();
  const startedMs = performance.now();

  async function redeemOne(code: string): Promise<string> {
    for (let tries = 0; tries < MOST_TRIES; tries += 1) {
      const askedMs = performance.now();
      const { status, text } = await post(agent, `${instance.apiUrl}/portal/vouchers/redeem`, { code }, signal);
      latencies.add(performance.now() - askedMs);
      if (status === 200) return redeemed.parse(JSON.parse(text)).username;
      if (status !== 503) return `${status} ${text}`;
      counts.askedAgain += 1;
      await delay(50 + Math.random() * 200, undefined, { signal });
    }
    return 'no answer';
  }

  async function worker(): Promise<void> {
    for (const code of waiting) {
      signal.throwIfAborted();
      const names = await Promise.all(Array.from({ length: times }, () => redeemOne(code)));
      const [first = ''] = names;
      const others = names.filter((name) => name !== first || !name.startsWith('v.'));
      if (others.length > 0 && counts.wrong === 0) say(`  for example: ${others[0] ?? ''}`);
      counts.wrong += others.length;
      counts.done += 1;
      if (counts.done % 1_000 === 0) say(`  ${counts.done} of ${codes.length}`);
    }
  }

  try {
    await Promise.all(Array.from({ length: CODES_AT_ONCE }, worker));
  } finally {
    agent.destroy();
  }
  return { ...counts, latencies, seconds: (performance.now() - startedMs) / 1000 };
}

interface Answer {
  readonly status: number;
  readonly text: string;
}

/** A broken connection counts as busy: the same is asked again. */
function post(agent: Agent, url: string, body: unknown, signal: AbortSignal): Promise<Answer> {
  return new Promise((resolve) => {
    const content = JSON.stringify(body);
    const headers = { 'content-type': 'application/json', 'content-length': Buffer.byteLength(content) };
    const asked = request(url, { method: 'POST', agent, headers, signal }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', () => resolve({ status: response.statusCode ?? 503, text: Buffer.concat(chunks).toString() }));
      response.on('error', (error) => resolve({ status: 503, text: error.message }));
    });
    asked.on('error', (error) => resolve({ status: 503, text: error.message }));
    asked.end(content);
  });
}
