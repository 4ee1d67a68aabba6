import { messageOf } from '@turnpike/core/app-error.js';
import type { Clock } from '@turnpike/core/clock.js';
import type { SecretBox } from '@turnpike/core/secret-box.js';
import type { Tx } from '@turnpike/db/database.js';
import type { NasProfile, RadiusRequest } from '@turnpike/radius/udp-server.js';
import type { Logger } from '@turnpike/runtime/logger.js';
import type { Redis } from '@turnpike/runtime/redis.js';
import { createNasTable, type NasTable } from './nas-table.js';
import { readNasRows, unseal, type NasRow } from './nas.store.js';

const CHANNEL = 'turnpike:nas-changed';

/** Tells every RADIUS process to read the routers again; call it after the commit. Best effort: they also poll. */
export async function announceNasChange(redis: Redis, channel = CHANNEL): Promise<void> {
  await redis.publish(channel, '').catch(() => undefined);
}

export interface NasDirectoryOptions {
  readonly db: Tx;
  readonly secretBox: SecretBox;
  /** A connection for subscribing only. */
  readonly subscriber: Redis;
  readonly logger: Logger;
  readonly clock: Clock;
  readonly channel?: string;
  /** Default 10 s. */
  readonly pollMs?: number;
}

export interface NasDirectory {
  lookup(sourceAddress: string): NasProfile | undefined;
  routerOf(request: RadiusRequest): string | undefined;
  /** Counts a packet of an unknown source and logs it, at most once in ten seconds. */
  unknownSource(address: string): void;
  /** False until the routers were read once. */
  isLoaded(): boolean;
  /** Reads the routers now; keeps the last known ones when that fails. */
  refresh(): Promise<void>;
  start(): Promise<void>;
  stop(): Promise<void>;
}

const LOG_EVERY_MS = 10_000;
const UNLOADED_POLL_MS = 1_000;

/** The routers in memory, so that a packet of a stranger costs one look-up and a dead database costs nothing. */
export function createNasDirectory(options: NasDirectoryOptions): NasDirectory {
  const { db, secretBox, subscriber, logger, clock, channel = CHANNEL, pollMs = 10_000 } = options;
  let table: NasTable = createNasTable([]);
  let loaded = false;
  let timer: NodeJS.Timeout | undefined;
  let running: Promise<void> | undefined;
  let again = false;
  let stopped = false;
  let strangers = 0;
  let loggedMs = -LOG_EVERY_MS;

  async function read(): Promise<void> {
    try {
      const stored = await readNasRows(db);
      table = createNasTable(stored.flatMap((row) => openRow(row)));
      if (!loaded) logger.info({ routers: table.size }, 'routers loaded');
      loaded = true;
    } catch (error) {
      logger.warn({ reason: messageOf(error) }, 'routers could not be read, the last known ones stay in force');
    }
  }

  function openRow(row: Parameters<typeof unseal>[0]): NasRow[] {
    try {
      return [unseal(row, secretBox)];
    } catch (error) {
      logger.error({ routerId: row.id, reason: messageOf(error) }, 'the RADIUS secret of a router cannot be opened');
      return [];
    }
  }

  // A poke that comes while a read is under way may be about rows already read: one more read follows.
  function refresh(): Promise<void> {
    if (running !== undefined) {
      again = true;
      return running;
    }
    running = (async () => {
      do {
        again = false;
        await read();
      } while (again && !stopped);
    })().finally(() => {
      running = undefined;
    });
    return running;
  }

  function schedule(): void {
    if (stopped) return;
    timer = setTimeout(() => void refresh().finally(schedule), loaded ? pollMs : UNLOADED_POLL_MS);
  }

  const onMessage = (from: string): void => {
    if (from === channel) void refresh();
  };

  return {
    lookup: (address) => table.profileAt(address),
    routerOf: (request) => table.routerOf(request),
    unknownSource(address) {
      strangers += 1;
      const nowMs = clock.monotonicMs();
      if (nowMs - loggedMs < LOG_EVERY_MS) return;
      logger.warn({ address, packets: strangers }, 'RADIUS packets of an unknown source were dropped');
      loggedMs = nowMs;
      strangers = 0;
    },
    isLoaded: () => loaded,
    refresh,
    async start() {
      subscriber.on('message', onMessage);
      subscriber.subscribe(channel).catch((error: unknown) => {
        logger.warn({ reason: messageOf(error) }, 'changes of routers are seen by polling only');
      });
      await refresh();
      schedule();
    },
    async stop() {
      stopped = true;
      clearTimeout(timer);
      subscriber.off('message', onMessage);
      await running;
    },
  };
}
