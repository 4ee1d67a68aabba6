import { randomBytes } from 'node:crypto';
import { systemClock } from '@turnpike/core/clock.js';
import { SecretBox } from '@turnpike/core/secret-box.js';
import { openDatabase } from '@turnpike/db/database.js';
import type { Prisma } from '@turnpike/db/generated/client.js';
import { ATTR, CODE, type Attribute } from '@turnpike/radius/attributes.js';
import { chapPassword } from '@turnpike/radius/chap.js';
import { encodeRequest } from '@turnpike/radius/encode.js';
import { parsePacket } from '@turnpike/radius/packet.js';
import type { RadiusRequest } from '@turnpike/radius/udp-server.js';
import { bytesAttr, textAttr } from '@turnpike/radius/value-codec.js';
import { createLogger } from '@turnpike/runtime/logger.js';
import { openRedis, type Redis } from '@turnpike/runtime/redis.js';
import { accessRows, TEST_KEY, type AccessRows } from '@turnpike/testkit/access-rows.js';
import { openStoreProxy, type StoreProxy } from '@turnpike/testkit/store-proxy.js';
import { openTestDatabase, type TestDatabase } from '@turnpike/testkit/test-database.js';
import { openTestRedis, type TestRedis } from '@turnpike/testkit/test-redis.js';
import { accessJobs } from './access.jobs.js';
import { createAccessHandler, type AccessAnswer, type VoucherLogins } from './access.radius.js';
import { createBreaker } from './breaker.js';
import { createClassTokens } from './class-token.js';
import { createDecisionLog, strangerHash, type DecisionLog } from './decision-log.js';
import type { AccessOutcome } from './decision-note.js';
import { createHolderReader, type HolderReader } from './device-holders.js';
import { createDeviceLeases, type DeviceLeases } from './device-lease.js';
import { createSubjectCache } from './subject-cache.js';
import { createSubjectDirectory } from './subject-directory.js';
import { createCustomerPasswords } from './customer-passwords.js';
import { createTextMemory } from './text-memory.js';

export const SECRET = Buffer.from('the secret of this NAS');
export const PASSWORD = 'right password';
export const MAC = '02:AA:BB:CC:DD:01';
export const LEASE_MS = 150_000;
export const ROUTER = '0190c6d5-7a1e-7000-8000-00000000000f';

/** What a RADIUS process has, but for the socket; it reaches the stores through proxies. */
export interface AccessProcess {
  handle(request: RadiusRequest): Promise<AccessAnswer>;
  /** The decision on a request. */
  outcomeOf(request: RadiusRequest): Promise<AccessOutcome | undefined>;
  /** By PAP with the right password, unless told otherwise. */
  login(username: string, password?: string, device?: string): Promise<AccessOutcome | undefined>;
  readonly redis: Redis;
  readonly decisions: DecisionLog;
  /** Runs once, between the next decision and its lease. */
  beforeLease: (() => Promise<void>) | undefined;
  vouchers: VoucherLogins | undefined;
  site: string | null;
  close(): Promise<void>;
}

export interface AccessRig {
  readonly store: TestDatabase;
  readonly redis: TestRedis;
  readonly rows: AccessRows;
  readonly leases: DeviceLeases;
  readonly holders: HolderReader;
  readonly postgresProxy: StoreProxy;
  readonly redisProxy: StoreProxy;
  readonly hashName: (username: Buffer) => string;
  /** `redisLimitMs`: how long Redis is waited for; by default long, as a busy machine is not what is tested. */
  openProcess(options?: { redisLimitMs?: number }): Promise<AccessProcess>;
  /** What `subject.refresh` does. */
  refresh(job: { customerId: string }): Promise<void>;
  /** A customer with an entitlement, written to Redis as well. */
  customer(
    username: string,
    terms?: Parameters<AccessRows['entitlement']>[1],
  ): Promise<{ customerId: string; entitlementId: string }>;
  /** Changes a customer as the features do: revision moved, snapshot refreshed. */
  change(customerId: string, data?: Prisma.CustomerUncheckedUpdateInput): Promise<void>;
  /** Gives both stores back and waits until the process has Redis again. */
  restore(process: AccessProcess): Promise<void>;
  close(): Promise<void>;
}

export async function openAccessRig(): Promise<AccessRig> {
  const store = await openTestDatabase();
  const redis = await openTestRedis('durable');
  const { db } = store.database;
  const rows = accessRows(db);
  const postgresProxy = await openStoreProxy(store.url);
  const redisProxy = await openStoreProxy(redis.url);
  const box = new SecretBox([TEST_KEY]);
  const hashName = strangerHash(box);
  const { prefix } = redis;
  const { 'subject.refresh': refresh } = accessJobs({ db, cache: createSubjectCache(redis.redis, prefix) });
  const opened: AccessProcess[] = [];

  return {
    store,
    redis,
    rows,
    leases: createDeviceLeases({ redis: redis.redis, prefix, leaseMs: LEASE_MS }),
    holders: createHolderReader({ redis: redis.redis, prefix }),
    postgresProxy,
    redisProxy,
    hashName,
    async openProcess({ redisLimitMs = 5_000 } = {}) {
      const urls = { redisUrl: redisProxy.url, postgresUrl: postgresProxy.url };
      const process = openProcess({ ...urls, redisLimitMs, box, hashName, prefix });
      opened.push(process);
      await untilAnswers(process.redis);
      return process;
    },
    refresh,
    async customer(username, terms) {
      const customerId = await rows.customer(username, PASSWORD);
      const entitlementId = await rows.entitlement(customerId, terms);
      await refresh({ customerId });
      return { customerId, entitlementId };
    },
    async change(customerId, data = {}) {
      await db.customer.update({ where: { id: customerId }, data: { ...data, revision: { increment: 1 } } });
      await refresh({ customerId });
    },
    async restore(process) {
      postgresProxy.restore();
      redisProxy.restore();
      await untilAnswers(process.redis);
    },
    async close() {
      await Promise.all(opened.map((process) => process.close()));
      await Promise.all([postgresProxy.close(), redisProxy.close()]);
      await redis.close();
      await store.drop();
    },
  };
}

interface ProcessOptions {
  readonly redisLimitMs: number;
  readonly redisUrl: string;
  readonly postgresUrl: string;
  readonly box: SecretBox;
  readonly hashName: (username: Buffer) => string;
  readonly prefix: string;
}

function openProcess({ redisUrl, postgresUrl, redisLimitMs, box, hashName, prefix }: ProcessOptions): AccessProcess {
  const logger = createLogger({ level: 'silent', role: 'radius', instance: 'test' });
  const redis = openRedis({ url: redisUrl, role: 'durable', use: 'radius', logger, commandTimeoutMs: redisLimitMs });
  const database = openDatabase({ url: postgresUrl, applicationName: 'test', maxConnections: 8 });
  const { db } = database;
  // The pause is short, so that a test which gives Redis back need not wait for it.
  const breaker = createBreaker({ clock: systemClock, pauseMs: 1 });
  const leases = createDeviceLeases({ redis, prefix, leaseMs: LEASE_MS });
  const decisions = createDecisionLog({ redis, hashName, prefix });
  const outcomes: AccessOutcome[] = [];
  const handle = createAccessHandler({
    subjects: createSubjectDirectory({
      memory: createTextMemory(1_000),
      cache: createSubjectCache(redis, prefix),
      breaker,
      db,
      onRead: () => undefined,
    }),
    leases: {
      ...leases,
      async take(claim) {
        const { beforeLease } = process;
        process.beforeLease = undefined;
        await beforeLease?.();
        return leases.take(claim);
      },
    },
    leaseMs: LEASE_MS,
    breaker,
    db,
    classTokens: createClassTokens([TEST_KEY]),
    passwords: createCustomerPasswords(box, createTextMemory(1_000)),
    policy: { interimSeconds: 60, idleSeconds: 600, rejectDelayMs: 0 },
    clock: systemClock,
    routerOf: () => ROUTER,
    siteOf: () => process.site,
    onOutcome: (outcome) => outcomes.push(outcome),
    decisions,
    vouchers: {
      parse: (text) => process.vouchers?.parse(text),
      usernameOf: (code) => process.vouchers?.usernameOf(code) ?? '',
      redeem: async (code, origin) => (await process.vouchers?.redeem(code, origin)) ?? { kind: 'unknown' },
      admit: async (origin) => (await process.vouchers?.admit?.(origin)) ?? true,
    },
  });

  async function outcomeOf(asked: RadiusRequest): Promise<AccessOutcome | undefined> {
    outcomes.length = 0;
    await handle(asked);
    return outcomes[0];
  }

  const process: AccessProcess = {
    handle,
    outcomeOf,
    login: (username, password = PASSWORD, device = MAC) =>
      outcomeOf(accessRequest(username, { pap: password }, { device })),
    redis,
    decisions,
    beforeLease: undefined,
    vouchers: undefined,
    site: null,
    async close() {
      await decisions.stop();
      redis.disconnect();
      await database.close();
    },
  };
  return process;
}

async function untilAnswers(redis: Redis): Promise<void> {
  for (;;) {
    const answered = await redis.ping().then(
      () => true,
      () => false,
    );
    if (answered) return;
    await new Promise((resolve) => setImmediate(resolve));
  }
}

/** How a request proves who asks. */
export type Proof =
  { readonly pap: string } | { readonly chap: string | Buffer } | { readonly with: readonly Attribute[] };

export interface RequestMore {
  /** Calling-Station-Id; empty for none. */
  readonly device?: string;
  readonly attributes?: readonly Attribute[];
  readonly signed?: boolean;
  /** What the NAS hides the password with. */
  readonly secret?: Buffer;
}

/** An Access-Request as the server hands it over. */
export function accessRequest(username: string | Buffer, proof: Proof, more: RequestMore = {}): RadiusRequest {
  const { device = MAC, attributes = [], signed = true, secret = SECRET } = more;
  const { datagram } = encodeRequest({
    code: CODE.ACCESS_REQUEST,
    identifier: 7,
    attributes: [
      bytesAttr(ATTR.USER_NAME, Buffer.from(username)),
      ...(device === '' ? [] : [textAttr(ATTR.CALLING_STATION_ID, device)]),
      ...proofAttributes(proof),
      ...attributes,
    ],
    secret,
    messageAuthenticator: signed,
    ...('pap' in proof ? { password: Buffer.from(proof.pap) } : {}),
  });
  const parsed = parsePacket(datagram);
  if (!parsed.ok) throw new Error(parsed.reason);
  return {
    nas: { id: ROUTER, secrets: [SECRET], messageAuthenticator: 'optional' },
    packet: parsed.packet,
    secret: SECRET,
    secretIndex: 0,
    signed,
    secretProven: signed,
    source: { address: '127.0.0.1', port: 40_000 },
    receivedAt: new Date(),
  };
}

function proofAttributes(proof: Proof): readonly Attribute[] {
  if ('with' in proof) return proof.with;
  if ('pap' in proof) return [];
  const challenge = randomBytes(16);
  return [
    bytesAttr(ATTR.CHAP_PASSWORD, chapPassword({ identifier: 5, password: Buffer.from(proof.chap), challenge })),
    bytesAttr(ATTR.CHAP_CHALLENGE, challenge),
  ];
}
