import { setTimeout as delay } from 'node:timers/promises';
import { z } from 'zod';
import { systemClock } from '@turnpike/core/clock.js';
import { ATTR, CODE } from '@turnpike/radius/attributes.js';
import { createRadiusClient } from '@turnpike/radius/udp-client.js';
import { api, type Instance } from '../instance.js';
import { withLedger } from '../ledger/open-ledger.js';
import { makeBuyers } from '../purchases/buyers.js';
import { requestFrom } from '../purchases/request-from.js';
import { buy, putOnSale } from '../purchases/shop.js';
import { macOf, usernameOf } from '../radius/customers.js';
import type { RadiusTarget } from '../radius/target.js';
import { nowMs, type Change } from './deliveries.js';

/** Writes through another API process, RADIUS and the worker, at a steady rate, and remembers what each was to tell. */
export interface Changes {
  /** Makes changes until `until` is aborted and those under way are done. */
  run(until: AbortSignal): Promise<void>;
  /** Of the changes made so far; payments only once the worker has settled them. */
  made(): Promise<Change[]>;
  readonly failed: () => number;
  close(): Promise<void>;
}

export interface ChangesOptions {
  /** The second API process writes; everything else is of this instance. */
  readonly instance: Instance;
  readonly writeUrl: string;
  readonly target: RadiusTarget;
  /** Changes a second through the API and as many packets of accounting; a quarter as many purchases. */
  readonly rate: number;
  readonly signal: AbortSignal;
}

const PURCHASES_SHARE = 0.25;
const STAYS_SECONDS = 15;
const FIRST_PHONE = 50_000_000;
/** Enough for any run; each has an address of its own by the dozen. */
const MOST_BUYERS = 5_000;
const ids = z.array(z.object({ id: z.string() }));
const settled = z.array(z.object({ id: z.string(), at: z.date() }));

export async function createChanges({ instance, writeUrl, target, rate, signal }: ChangesOptions): Promise<Changes> {
  const changes: Change[] = [];
  const since = new Date();
  let failed = 0;
  const writer = { ...instance, apiUrl: writeUrl };
  const goods = await putOnSale(writer);
  const buyers = makeBuyers(MOST_BUYERS, FIRST_PHONE);
  const customerIds = await readCustomerIds(instance, target);
  const client = createRadiusClient({ clock: systemClock, localAddress: target.nasAddress });

  const throughTheApi = async (turn: number): Promise<void> => {
    const id = customerIds[turn];
    if (id === undefined) throw new Error('more changes than customers');
    await api(writer, 'PATCH', `/customers/${id}`, { email: `load${turn}@example.com` });
    changes.push({ key: `changed customers ${id}`, answeredMs: nowMs(), from: 'api' });
  };
  /** Each customer comes, and goes when that was told long ago: of who is gone at once only the end is told. */
  const throughRadius = async (turn: number): Promise<void> => {
    const isStart = turn % 2 === 0;
    const customer = Math.floor(turn / 2) - (isStart ? 0 : Math.ceil(rate * STAYS_SECONDS));
    if (customer < 0) return;
    const username = usernameOf(target.customers, customer);
    const outcome = await client.exchange({
      host: target.host,
      port: target.acctPort,
      secret: Buffer.from(target.secret),
      code: CODE.ACCOUNTING_REQUEST,
      attributes: accounting(target, customer, isStart),
      timeoutMs: 3_000,
      tries: 3,
      signal,
    });
    if (outcome.kind !== 'reply') throw new Error(`accounting was not answered: ${outcome.kind}`);
    changes.push({
      key: `session ${username} ${isStart ? 'open' : 'closed'}`,
      answeredMs: nowMs(),
      from: 'radius',
    });
  };
  const throughTheWorker = async (turn: number): Promise<void> => {
    const buyer = buyers[turn];
    if (buyer !== undefined) await buy(requestFrom, writer, goods, buyer);
  };
  const count = (work: Promise<void>): Promise<void> =>
    work.catch(() => {
      if (!signal.aborted) failed += 1;
    });
  // Where each of them goes on in a second run.
  const turns = new Map<(turn: number) => Promise<void>, number>();
  const pace = async (perSecond: number, work: (turn: number) => Promise<void>, until: AbortSignal): Promise<void> => {
    const running: Promise<void>[] = [];
    const startedMs = performance.now();
    for (let made = 0; !until.aborted; made += 1) {
      const waitMs = startedMs + (made * 1_000) / perSecond - performance.now();
      if (waitMs > 1) await delay(waitMs, undefined, { signal: until }).catch(() => undefined);
      if (until.aborted) break;
      const turn = turns.get(work) ?? 0;
      turns.set(work, turn + 1);
      running.push(count(work(turn)));
    }
    await Promise.all(running);
  };
  return {
    run: async (until) => {
      await Promise.all([
        pace(rate, throughTheApi, until),
        pace(rate, throughRadius, until),
        pace(rate * PURCHASES_SHARE, throughTheWorker, until),
      ]);
    },
    made: async () => [...changes, ...(await readSettled(instance, since))],
    failed: () => failed,
    close: () => client.close(),
  };
}

async function readCustomerIds(instance: Instance, { customers }: RadiusTarget): Promise<string[]> {
  return withLedger(instance.postgresUrl, async (ledger) => {
    const { rows } = await ledger.query(
      'SELECT id::text AS id FROM customer WHERE username LIKE $1 ORDER BY username',
      [customers.username.replace('%d', '%')],
    );
    return ids.parse(rows).map(({ id }) => id);
  });
}

/** The worker's answer is what it wrote down: it tells of a payment when that is committed. */
async function readSettled(instance: Instance, since: Date): Promise<Change[]> {
  return withLedger(instance.postgresUrl, async (ledger) => {
    const { rows } = await ledger.query(
      `SELECT id::text AS id, settled_at AS at FROM payment WHERE state = 'succeeded' AND settled_at >= $1`,
      [since],
    );
    return settled
      .parse(rows)
      .map(({ id, at }) => ({ key: `payment ${id} succeeded`, answeredMs: at.getTime(), from: 'worker' }));
  });
}

function accounting(target: RadiusTarget, customer: number, isStart: boolean) {
  const text = (type: number, value: string) => ({ type, value: Buffer.from(value) });
  const integer = (type: number, value: number) => {
    const bytes = Buffer.alloc(4);
    bytes.writeUInt32BE(value);
    return { type, value: bytes };
  };
  const [START, STOP, WIRELESS] = [1, 2, 19];
  const plain = [
    integer(ATTR.ACCT_STATUS_TYPE, isStart ? START : STOP),
    text(ATTR.USER_NAME, usernameOf(target.customers, customer)),
    text(ATTR.ACCT_SESSION_ID, `console-${customer}`),
    { type: ATTR.NAS_IP_ADDRESS, value: Buffer.from(target.nasAddress.split('.').map(Number)) },
    text(ATTR.NAS_IDENTIFIER, 'loadtest'),
    integer(ATTR.NAS_PORT_TYPE, WIRELESS),
    text(ATTR.CALLING_STATION_ID, macOf(customer)),
    text(ATTR.CALLED_STATION_ID, 'hotspot1'),
  ];
  return isStart ? plain : [...plain, integer(ATTR.ACCT_SESSION_TIME, 1)];
}
