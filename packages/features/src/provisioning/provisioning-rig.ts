import { randomUUID } from 'node:crypto';
import { hotspotService, pppoeService, type ServiceConfig } from '@turnpike/contracts/provisioning.js';
import type { LiveEvent } from '@turnpike/contracts/events.js';
import { systemClock } from '@turnpike/core/clock.js';
import { Secret } from '@turnpike/core/secret.js';
import { SecretBox } from '@turnpike/core/secret-box.js';
import { createDialer } from '@turnpike/routeros/dial-router.js';
import { createLogger } from '@turnpike/runtime/logger.js';
import type { TestDatabase } from '@turnpike/testkit/test-database.js';
import {
  startSimulatedRouter,
  type SimulatedRouter,
  type SimulatedRouterOptions,
} from '../../../../apps/simulator/src/fleet.js';
import { managedMenus } from './managed-menus.js';
import { isOurFile } from './ownership.js';
import type { PortalSettings } from './plan-input.js';
import { provisioningJobs } from './provisioning.jobs.js';
import { createProvisioningService, type ProvisioningService } from './provisioning.service.js';
import type { OpenRouter } from './router-contact.js';
import type { RosSession } from '@turnpike/routeros/ros-session.js';
import { defaultTiming, type RunTiming } from './run-timing.js';
import { createServicePlanner } from './service-planner.js';

export const radius = { address: '10.200.0.1', authPort: 1812, acctPort: 1813, coaPort: 3799, interimSeconds: 300 };

export function hotspot(changes: Record<string, unknown> = {}): ServiceConfig {
  return hotspotService.parse({ type: 'hotspot', interfaces: ['ether3'], ...changes });
}

export function pppoe(changes: Record<string, unknown> = {}): ServiceConfig {
  return pppoeService.parse({ type: 'pppoe', interfaces: ['ether4'], ...changes });
}

export type Rows = Readonly<Record<string, readonly Readonly<Record<string, string>>[]>>;

/** Real PostgreSQL, a simulated router and the real API protocol between; no queue: tests call the handlers. */
export interface ProvisioningRig {
  readonly database: TestDatabase['database'];
  readonly secretBox: SecretBox;
  readonly router: SimulatedRouter;
  readonly routerId: string;
  readonly service: ProvisioningService;
  readonly jobs: ReturnType<typeof provisioningJobs>;
  /** Another worker, with times of its own. */
  workerWith(timing: Partial<RunTiming>): ReturnType<typeof provisioningJobs>;
  readonly events: LiveEvent[];
  /** Replaces how routers are dialled from now on. */
  dialWith(open: OpenRouter): void;
  /** Dials the simulated router. */
  readonly dial: OpenRouter;
  /** Queues a run and carries it out. */
  deploy(services: readonly ServiceConfig[]): Promise<string>;
  carryOut(runId: string, signal?: AbortSignal): Promise<void>;
  /** All rows of the menus we manage that somebody entered, without ids and empty values. */
  rows(): Rows;
  /** Jobs that were asked for about this router's runs. */
  outbox(): Promise<{ job: string; payload: unknown }[]>;
  stop(): Promise<void>;
}

export interface RigOptions extends Partial<SimulatedRouterOptions> {
  readonly timing?: Partial<RunTiming>;
  readonly portal?: PortalSettings;
}

/** `before` is called ahead of each write with its number within the session (1 is the first), `after` when it is carried out. */
export interface WriteHooks {
  readonly before?: (write: number, path: string) => Promise<void> | void;
  readonly after?: (write: number, path: string) => Promise<void> | void;
}

/** A session whose writes can be watched, held up and refused. */
export function hooked(session: RosSession, hooks: WriteHooks): RosSession {
  let writes = 0;
  async function around<Result>(path: string, write: () => Promise<Result>): Promise<Result> {
    writes += 1;
    const number = writes;
    await hooks.before?.(number, path);
    const result = await write();
    await hooks.after?.(number, path);
    return result;
  }
  return {
    exec: async (...call) => session.exec(...call),
    print: async (...call) => session.print(...call),
    add: async (...call) => around(call[0], async () => session.add(...call)),
    set: async (...call) => around(call[0], async () => session.set(...call)),
    unset: async (...call) => around(call[0], async () => session.unset(...call)),
    remove: async (...call) => around(call[0], async () => session.remove(...call)),
    stream: (...call) => session.stream(...call),
    closed: session.closed,
    localAddress: session.localAddress,
    close: async () => session.close(),
  };
}

export const context = { actor: 'tester', requestId: 'request-1' };
export const logger = createLogger({ level: 'silent', role: 'test', instance: '0' });
const RADIUS_SECRET = 'a secret of more than thirty-two letters';

/** Short enough that a test may wait for a whole patience. */
const quickTiming: RunTiming = {
  ...defaultTiming,
  leaseTtlMs: 1_000,
  leaseRenewMs: 150,
  leaseGraceMs: 150,
  leasePollMs: 20,
  firstContactMs: 1_000,
  midRunMs: 4_000,
  reconnect: { firstMs: 5, factor: 2, maxMs: 100, jitter: 0 },
};

/** Each rig has a router of its own in the database of the test file. */
export async function startProvisioningRig(
  testDatabase: TestDatabase,
  options: RigOptions = {},
): Promise<ProvisioningRig> {
  const { timing, portal, ...simulated } = options;
  const router = await startSimulatedRouter({ version: '7.22', tls: false, rebootMs: 100, ...simulated });
  const { database } = testDatabase;
  const secretBox = new SecretBox(['11'.repeat(32)]);
  const routerId = await insertRouter(testDatabase, secretBox, router);
  const events: LiveEvent[] = [];
  const dialer = createDialer({ connectTimeoutMs: 1_000, commandTimeoutMs: 1_000 });
  const dial: OpenRouter = async (_id, { signal }) =>
    dialer(
      {
        host: router.host,
        port: router.apiPort,
        username: router.username,
        password: new Secret(router.password),
        tls: undefined,
      },
      { signal },
    );
  let open = dial;
  const shared = {
    db: database.db,
    transact: database.transact,
    openRouter: async (id: string, call: { signal: AbortSignal }) => open(id, call),
    radius,
    portal,
    secretBox,
    clock: systemClock,
    random: () => 0.5,
    wake: () => undefined,
    publish: (event: LiveEvent) => void events.push(event),
    routerChanged: () => Promise.resolve(),
  };
  const service = createProvisioningService({ ...shared, planner: createServicePlanner(shared) });
  const workerWith = (changes: Partial<RunTiming>): ReturnType<typeof provisioningJobs> =>
    provisioningJobs({ ...shared, timing: { ...quickTiming, ...timing, ...changes } });
  const jobs = workerWith({});
  const carryOut = async (runId: string, signal = AbortSignal.timeout(25_000)): Promise<void> =>
    jobs['provisioning.run']({ runId }, { signal, logger });
  return {
    database,
    secretBox,
    router,
    routerId,
    service,
    jobs,
    workerWith,
    events,
    dial,
    dialWith: (next) => {
      open = next;
    },
    carryOut,
    deploy: async (services) => {
      const { runId } = await service.deploy(routerId, services, context);
      await carryOut(runId);
      return runId;
    },
    rows: () => staticRows(router),
    outbox: async () => {
      const rows = await database.db.outboxMessage.findMany({ orderBy: { id: 'asc' } });
      const runs = await database.db.provisioningRun.findMany({ where: { routerId }, select: { id: true } });
      return rows.filter(({ payload }) => runs.some((run) => JSON.stringify(payload).includes(run.id)));
    },
    stop: async () => router.stop(),
  };
}

async function insertRouter(test: TestDatabase, secretBox: SecretBox, router: SimulatedRouter): Promise<string> {
  const { db } = test.database;
  const { id } = await db.router.create({
    data: {
      name: `Mombasa ${randomUUID()}`,
      address: router.host,
      apiPort: router.apiPort,
      apiUsername: router.username,
      apiPassword: 'sealed',
      radiusSecret: 'sealed later',
    },
  });
  const place = { table: 'router', row: id, column: 'radius_secret' };
  await db.router.update({ where: { id }, data: { radiusSecret: secretBox.seal(RADIUS_SECRET, place) } });
  return id;
}

function staticRows(router: SimulatedRouter): Rows {
  return Object.fromEntries(
    managedMenus.map(({ path }) => {
      const ours = path === '/file' ? router.rows(path).filter((row) => isOurFile(row['name'])) : router.rows(path);
      const rows = ours.filter((row) => row['dynamic'] !== 'true');
      return [path, rows.map((row) => tidied(row))];
    }),
  );
}

/** What the router counts and observes is not configuration. */
const OBSERVED = new Set([
  '.id',
  'running',
  'inactive',
  'total',
  'used',
  'available',
  'actual-mtu',
  'mac-address',
  'l2mtu',
]);

function tidied(row: Readonly<Record<string, string | undefined>>): Record<string, string> {
  const kept: Record<string, string> = {};
  for (const [name, value] of Object.entries(row)) {
    if (value !== undefined && value !== '' && !OBSERVED.has(name)) kept[name] = value;
  }
  return kept;
}
