import fc from 'fast-check';
import { decideAccess } from '../access/access-decision.js';
import { readSubjectById } from '../access/subject.store.js';
import { mergeRecords } from '../accounting/accounting-merge.js';
import type { AccountingRecord } from '../accounting/accounting-record.js';
import { changeRates } from '../sessions/rate-changer.js';
import { endSessions } from '../sessions/session-ender.js';
import { EntitlementModel, type Bucket, type ModelPackage } from './entitlement-model.js';
import { byOperator, openShop, type Shop } from './shop-rig.js';

/** More runs, for a night: TURNPIKE_MODEL_RUNS=5000. */
const RUNS = Number(process.env['TURNPIKE_MODEL_RUNS'] ?? 100);

let shop: Shop;
let packages: ModelPackage[];
let routerId: string;
let sessions = 0;

/** The service as a customer and an operator have it. */
interface Real {
  readonly customerId: string;
}
type Command = fc.AsyncCommand<EntitlementModel, Real>;

beforeAll(async () => {
  shop = await openShop();
  routerId = await shop.newRouter('The one');
  packages = [
    await sold({ quotaOctets: 1_000, onlineSeconds: 2_000 }),
    await sold({ validSeconds: 5_400 }),
    await sold({ validFrom: 'first_login', quotaOctets: 500 }),
    await sold({ onRepeat: 'queue', quotaOctets: 700 }),
    await sold({ onRepeat: 'queue', validFrom: 'first_login', validSeconds: 1_800 }),
    await sold({ onRepeat: 'upgrade', priceMinor: 7_777, validSeconds: 5_000 }),
    await sold({ onRepeat: 'upgrade', priceMinor: 0, quotaOctets: 900 }),
    await sold({ onRepeat: 'stack', onlineSeconds: 1_000, priceMinor: 333 }),
  ];
});

afterAll(async () => {
  await shop.close();
});

interface Terms extends Partial<Omit<ModelPackage, 'id' | 'firstLogin'>> {
  readonly validFrom?: 'purchase' | 'first_login';
}

async function sold({ validFrom = 'purchase', validSeconds = 3_600, priceMinor = 1_000, ...terms }: Terms) {
  const { quotaOctets = null, onlineSeconds = null, onRepeat = 'extend' } = terms;
  const body = { onRepeat, validFrom, validForSeconds: validSeconds, priceMinor, quotaOctets, onlineSeconds };
  const { id } = await shop.newPackage(body);
  return {
    id,
    firstLogin: validFrom === 'first_login',
    onRepeat,
    validSeconds,
    priceMinor,
    quotaOctets,
    onlineSeconds,
  };
}

/** Everybody is told the same: the service by what is left, RADIUS by whom it lets in for how long. */
async function compare(model: EntitlementModel, { customerId }: Real): Promise<void> {
  const now = shop.clock.now();
  const told = await shop.entitlements.entitlementsOf(customerId, now);
  const actual = new Map(told.map(({ id, left: { devices: _devices, ...left } }) => [id, left]));
  const live = model.of('waiting', 'queued', 'running', 'paused');
  expect(actual).toEqual(new Map(live.map((bucket) => [bucket.id, model.left(bucket)])));
  const { onlineSeconds = null, seconds = 0 } = inUseLeft(model) ?? {};
  const accept = await decision(customerId);
  expect(accept?.secondsLeft).toBe(
    model.inUse() === undefined ? undefined : Math.min(seconds, onlineSeconds ?? seconds),
  );
  expect(accept?.entitlement.id).toBe(model.inUse()?.id);
}

function inUseLeft(model: EntitlementModel) {
  const bucket = model.inUse();
  return bucket && model.left(bucket);
}

async function decision(customerId: string) {
  const subject = (await readSubjectById(shop.db, customerId))?.snapshot;
  const place = { service: 'hotspot' as const, router: undefined, device: undefined };
  const decided = decideAccess({
    subject,
    checkCredentials: () => 'ok',
    place,
    byDevice: false,
    now: shop.clock.now(),
  });
  return decided.kind === 'accept' ? decided : undefined;
}

function command(
  words: string,
  run: (model: EntitlementModel, real: Real) => Promise<void>,
  check: (model: Readonly<EntitlementModel>) => boolean = () => true,
): Command {
  return {
    check,
    toString: () => words,
    run: async (model, real) => {
      await run(model, real);
      await compare(model, real);
    },
  };
}

const buy = fc.nat({ max: 7 }).map((index) =>
  command(`buy ${index}`, async (model, { customerId }) => {
    const chosen = packages[index];
    if (chosen === undefined) throw new Error('no such package');
    const { id } = await shop.entitlements.grant(customerId, chosen.id, byOperator);
    const bucket = model.buy(chosen);
    if (bucket.id === '') bucket.id = id;
    expect(id).toBe(bucket.id);
  }),
);

const pass = fc
  .record({ seconds: fc.integer({ min: 1, max: 4_000 }), worker: fc.boolean() })
  .map(({ seconds, worker }) =>
    command(`${seconds} s pass${worker ? ', the worker runs' : ''}`, async (model) => {
      shop.clock.advance(seconds * 1_000);
      model.advance(seconds);
      if (!worker) return;
      while ((await shop.entitlements.expireDue()) > 0);
      while ((await shop.entitlements.beginDue()) > 0);
      model.sweep();
    }),
  );

/** A session that begins now, on what RADIUS gives, and as long as it gives it. */
const useIt = fc
  .record({ seconds: fc.integer({ min: 1, max: 900 }), octets: fc.nat({ max: 400 }) })
  .map(({ seconds, octets }) =>
    command(`online ${seconds} s, ${octets} bytes`, async (model, { customerId }) => {
      const bucket = model.inUse();
      const accept = await decision(customerId);
      if (accept === undefined || bucket === undefined) return;
      const online = Math.min(seconds, accept.secondsLeft);
      if (bucket.phase === 'waiting') model.firstLogin(bucket);
      shop.clock.advance(online * 1_000);
      model.advance(online);
      await account(accept.entitlement.id, online, octets);
      model.use(bucket, online, octets);
    }),
  );

type Verb = 'suspend' | 'resume' | 'refund';
const TAKES: Record<Verb, readonly Bucket['phase'][]> = {
  suspend: ['running'],
  resume: ['paused'],
  refund: ['running', 'paused', 'queued', 'waiting'],
};

/** Of all there ever were: what may not be moved is refused and stays as it is. */
const move = fc
  .record({ verb: fc.constantFrom<Verb>('suspend', 'resume', 'refund'), pick: fc.nat() })
  .map(({ verb, pick }) =>
    command(
      `${verb} ${pick}`,
      async (model) => {
        const bucket = model.buckets[pick % model.buckets.length];
        if (bucket === undefined) throw new Error('nothing to move');
        const moved = shop.entitlements[verb](bucket.id, byOperator);
        if (!TAKES[verb].includes(bucket.phase)) {
          await expect(moved).rejects.toMatchObject({ code: 'conflict' });
          return;
        }
        await moved;
        if (verb === 'suspend') bucket.phase = 'paused';
        else if (verb === 'resume') model.resume(bucket);
        else bucket.phase = 'over';
      },
      (model) => model.buckets.length > 0,
    ),
  );

async function account(entitlementId: string, sessionSeconds: number, octets: number): Promise<void> {
  sessions += 1;
  const key = `c.model-${sessions}`;
  const at = shop.clock.now().getTime();
  const record: AccountingRecord = {
    dedupKey: key,
    routerId,
    kind: 'stop',
    receivedAt: at,
    eventAt: at,
    untimed: false,
    sessionKey: key,
    namedStart: at - sessionSeconds * 1_000,
    entitlementId,
    fairUseStep: 0,
    acctSessionId: key,
    username: 'somebody',
    framedIpAddress: null,
    callingStationId: null,
    calledStationId: null,
    nasPortId: null,
    sessionSeconds,
    inputOctets: String(octets),
    outputOctets: '0',
    narrow: false,
    terminateCause: 1,
  };
  const touchCustomer = shop.customers.touch;
  await shop.transact((tx) => mergeRecords(tx, [record], { endSessions, changeRates, touchCustomer }));
}

describe('an entitlement', () => {
  test(
    `is at every instant what was paid minus what was used, whatever is done in ${RUNS} stories`,
    async () => {
      const stories = fc.commands([buy, buy, pass, useIt, move], {
        maxCommands: 16,
        ...(RUNS > 100 ? { size: '+1' } : {}),
      });
      await fc.assert(
        fc.asyncProperty(stories, async (story) => {
          const customerId = await shop.newCustomer();
          try {
            await fc.asyncModelRun(() => ({ model: new EntitlementModel(), real: { customerId } }), story);
          } finally {
            await shop.db.session.deleteMany();
            await shop.db.entitlement.deleteMany();
            await shop.forgetJobs();
          }
        }),
        { numRuns: RUNS, endOnFailure: RUNS > 100 },
      );
    },
    60_000 + RUNS * 1_000,
  );
});
