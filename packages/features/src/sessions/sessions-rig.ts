import { v7 as uuidv7 } from 'uuid';
import type { LiveEvent } from '@turnpike/contracts/events.js';
import { systemClock } from '@turnpike/core/clock.js';
import { SecretBox } from '@turnpike/core/secret-box.js';
import type { Prisma } from '@turnpike/db/generated/client.js';
import { CODE } from '@turnpike/radius/attributes.js';
import { RFC5080_RETRY, type RetrySchedule } from '@turnpike/radius/retry-schedule.js';
import { createRadiusClient } from '@turnpike/radius/udp-client.js';
import { createLogger } from '@turnpike/runtime/logger.js';
import { accessRows, TEST_KEY } from '@turnpike/testkit/access-rows.js';
import { openCoaListener, type CoaAnswer } from '@turnpike/testkit/nas-peer.js';
import { openTestDatabase } from '@turnpike/testkit/test-database.js';
import type { RadiusPacket } from '@turnpike/radius/packet.js';
import { createSessionDisconnect } from './session-disconnect.js';
import { endSessions } from './session-ender.js';
import { createSessionRate } from './session-rate.js';
import type { RemovableSession, RemovalOutcome } from './session-removal.js';
import { createSessionsService } from './sessions.service.js';

export type SessionsRig = Awaited<ReturnType<typeof openSessionsRig>>;

export const byOperator = { actor: 'operator-1', requestId: 'request-1' };
export const NAS_SECRET = 'the secret of the NAS';

/** Doubling waits like the real ones, a hundred times as fast. */
const QUICK_RETRY: RetrySchedule = { firstMs: 20, factor: 2, maxMs: 160, tries: 5, jitter: 0.1 };

/** Sessions with everything they need over real stores; the NAS is a peer that answers as the test says. */
export async function openSessionsRig(nasAddress: string) {
  const store = await openTestDatabase({ maxConnections: 10 });
  const { db, transact } = store.database;
  const rows = accessRows(db);
  const routerId = await rows.router(nasAddress, NAS_SECRET);
  const client = createRadiusClient({ clock: systemClock });
  const secretBox = new SecretBox([TEST_KEY]);
  const logger = createLogger({ level: 'silent', role: 'test', instance: '0' });
  const events: LiveEvent[] = [];
  const seen = { wakes: 0, refreshed: [] as { customerId: string; requestsSoFar: number }[], removals: 0 };
  const answers: {
    decide: (request: RadiusPacket) => CoaAnswer | undefined;
    remove: (session: RemovableSession, signal: AbortSignal) => Promise<RemovalOutcome>;
    retry: RetrySchedule;
  } = noAnswers();
  const nas = await openCoaListener({
    address: nasAddress,
    secret: NAS_SECRET,
    decide: (request) => answers.decide(request),
  });
  const live = { publish: (event: LiveEvent) => void events.push(event) };
  const wake = (): void => {
    seen.wakes += 1;
  };
  const removal = {
    remove: (session: RemovableSession, signal: AbortSignal) => {
      seen.removals += 1;
      return answers.remove(session, signal);
    },
  };
  const deps = (port = nas.port) => ({
    db,
    transact,
    secretBox,
    client,
    clock: systemClock,
    logger,
    removal,
    wake,
    refreshSubject: async (customerId: string) => {
      seen.refreshed.push({ customerId, requestsSoFar: nas.received.length });
    },
    policy: { port, retry: answers.retry, removeAtTransmission: 3 },
  });
  return {
    db,
    transact,
    rows,
    routerId,
    nas,
    answers,
    events,
    seen,
    live,
    wake,
    deps,
    service: createSessionsService({ db, transact, endSessions, live, wake, clock: systemClock }),
    /** The NAS answers only what `decide` says, by default nothing; the waits for it are short. */
    loseAnswers(decide: (request: RadiusPacket) => CoaAnswer | undefined = () => undefined): void {
      Object.assign(answers, { decide, retry: QUICK_RETRY });
    },
    /** The NAS acknowledges, the API cannot be reached. */
    reset(): void {
      Object.assign(answers, noAnswers());
      Object.assign(seen, { wakes: 0, refreshed: [], removals: 0 });
      events.length = 0;
    },
    async session(more: Partial<Prisma.SessionUncheckedCreateInput> = {}): Promise<string> {
      const id = uuidv7();
      const now = new Date();
      const key = `c.${id}`;
      const own = { id, key, acctSessionId: '80a00001', routerId, username: 'amina', framedIpAddress: '10.5.50.7' };
      await db.session.create({ data: { ...own, startedAt: now, lastSeenAt: now, ...more } });
      return id;
    },
    sessionRow: (id: string) => db.session.findUniqueOrThrow({ where: { id } }),
    commandsOf: (sessionId: string) => db.sessionCommand.findMany({ where: { sessionId }, orderBy: { id: 'asc' } }),
    runDisconnect: (commandId: string, port?: number) =>
      createSessionDisconnect(deps(port))(commandId, AbortSignal.timeout(10_000)),
    /** One for many commands, as a worker has it. */
    disconnector: () => {
      const run = createSessionDisconnect(deps());
      return (commandId: string) => run(commandId, AbortSignal.timeout(10_000));
    },
    runRate: (commandId: string) => createSessionRate(deps())(commandId, AbortSignal.timeout(10_000)),
    async close(): Promise<void> {
      await nas.close();
      await client.close();
      await store.drop();
    },
  };
}

function noAnswers() {
  return {
    decide: (request: RadiusPacket): CoaAnswer | undefined => ({
      code: request.code === CODE.COA_REQUEST ? CODE.COA_ACK : CODE.DISCONNECT_ACK,
    }),
    remove: async (): Promise<RemovalOutcome> => ({ kind: 'failed', detail: 'the router has no API' }),
    retry: RFC5080_RETRY,
  };
}

export const ago = (seconds: number): Date => new Date(Date.now() - seconds * 1000);
