import { messageOf } from '@turnpike/core/app-error.js';
import type { Clock } from '@turnpike/core/clock.js';
import { createRereading } from '@turnpike/core/rereading.js';
import type { SecretBox } from '@turnpike/core/secret-box.js';
import type { Sql } from '@turnpike/db/sql.js';
import type { NasProfile } from '@turnpike/radius/nas-profile.js';
import type { RadiusRequest } from '@turnpike/radius/udp-server.js';
import type { Logger } from '@turnpike/runtime/logger.js';
import type { Redis } from '@turnpike/runtime/redis.js';
import { createNasBuckets } from './nas-buckets.js';
import { createSecretOpener, openNas, sameOrNew, type NasRow } from './nas-row.js';
import { createNasTable, type NasKey } from './nas-table.js';
import { readNasDigest, readStoredNases, type StoredNas } from './nas.store.js';

const CHANNEL = 'turnpike:nas-changed';

/** Tells every RADIUS process to read the routers again; call it after the commit. Best effort: they also poll. */
export async function announceNasChange(redis: Redis, channel = CHANNEL): Promise<void> {
  await redis.publish(channel, '').catch(() => undefined);
}

export interface NasDirectoryOptions {
  readonly db: Sql;
  readonly secretBox: SecretBox;
  /** A connection for subscribing only. */
  readonly subscriber: Redis;
  readonly logger: Logger;
  readonly clock: Clock;
  readonly channel?: string;
  /** Default 10 s. */
  readonly pollMs?: number;
  /** Packets a second from routers without a rate of their own; 0, the default: no limit. */
  readonly defaultRate?: number;
}

export interface NasDirectory {
  lookup(sourceAddress: string): NasProfile | undefined;
  routerOf(request: RadiusRequest): string | undefined;
  siteOf(routerId: string): string | null;
  /** Routers that share a source address. */
  rowsAt(sourceAddress: string): readonly NasRow[];
  /** Whose secret `profile.secrets[index]` is. */
  keysOf(profile: NasProfile, index: number): readonly NasKey[];
  /** How many routers sent their newest packet with a secret that is none of ours. */
  mismatched(): number;
  /** How many routers are known. */
  size(): number;
  /** A router whose policy is still learned has signed a request: unsigned ones are dropped from now on. */
  learned(routerId: string): void;
  /** Counts a packet of an unknown source and logs it, at most once in ten seconds. */
  unknownSource(address: string): void;
  /** False until the routers were read once. */
  isLoaded(): boolean;
  /** Reads the routers now; keeps the last known ones when that fails. */
  refresh(): Promise<void>;
  /** The same, but not if they were read in the last second: for packets which hint that a change was missed. */
  refreshSoon(): void;
  start(): Promise<void>;
  stop(): Promise<void>;
}

const LOG_EVERY_MS = 10_000;
const UNLOADED_POLL_MS = 1_000;
const SOON_MS = 1_000;

/** The routers in memory, so that a packet of a stranger costs one look-up and a dead database costs nothing. */
export function createNasDirectory(options: NasDirectoryOptions): NasDirectory {
  const { db, secretBox, subscriber, logger, clock, channel = CHANNEL, pollMs = 10_000 } = options;
  const buckets = createNasBuckets(options.defaultRate ?? 0);
  const opener = createSecretOpener(secretBox);
  /** Routers seen to sign whose rows may not say so yet. */
  const signedHere = new Set<string>();
  let rows: readonly NasRow[] = [];
  let table = createNasTable(rows, buckets);
  let loaded = false;
  let digest: string | null = null;
  let readAtMs = -Infinity;
  let timer: NodeJS.Timeout | undefined;
  let stopped = false;
  let strangers = 0;
  let loggedMs = -LOG_EVERY_MS;

  async function read(): Promise<void> {
    readAtMs = clock.monotonicMs();
    try {
      const newest = await readNasDigest(db);
      if (loaded && newest === digest) return;
      take(await readStoredNases(db));
      digest = newest;
      if (!loaded) logger.info({ routers: table.size }, 'routers loaded');
      loaded = true;
    } catch (error) {
      logger.warn({ reason: messageOf(error) }, 'routers could not be read, the last known ones stay in force');
    }
  }

  function take(stored: readonly StoredNas[]): void {
    const before = new Map(rows.map((row) => [row.id, row]));
    opener.begin();
    rows = stored.flatMap((row) => openRow(row)).map((row) => sameOrNew(row, before.get(row.id)));
    const learning = new Set(rows.filter((row) => row.learning).map((row) => row.id));
    for (const id of signedHere) if (!learning.has(id)) signedHere.delete(id);
    table = createNasTable(rows.map(asLearned), buckets, table);
  }

  function openRow(stored: StoredNas): NasRow[] {
    try {
      return [openNas(stored, opener.open, secretBox)];
    } catch (error) {
      logger.error({ routerId: stored.id, reason: messageOf(error) }, 'a RADIUS secret of a router cannot be opened');
      return [];
    }
  }

  function asLearned(row: NasRow): NasRow {
    return row.learning && signedHere.has(row.id) ? { ...row, learning: false, messageAuthenticator: 'required' } : row;
  }

  const rereading = createRereading(read);
  const refresh = rereading.again;

  function refreshSoon(): void {
    if (!stopped && clock.monotonicMs() - readAtMs >= SOON_MS) void refresh();
  }

  function schedule(): void {
    if (stopped) return;
    timer = setTimeout(() => void refresh().finally(schedule), loaded ? pollMs : UNLOADED_POLL_MS);
  }

  const onMessage = (from: string): void => {
    if (from === channel) void refresh();
  };

  const onReady = (): void => {
    if (!stopped) void refresh();
  };

  return {
    lookup: (address) => table.profileAt(address),
    routerOf: (request) => table.routerOf(request),
    siteOf: (routerId) => table.siteOf(routerId),
    rowsAt: (address) => table.rowsAt(address),
    keysOf: (profile, index) => table.keysOf(profile, index),
    mismatched: () => table.mismatched,
    size: () => table.size,
    learned(routerId) {
      if (signedHere.has(routerId)) return;
      signedHere.add(routerId);
      table = createNasTable(rows.map(asLearned), buckets, table);
    },
    unknownSource(address) {
      strangers += 1;
      refreshSoon();
      const nowMs = clock.monotonicMs();
      if (nowMs - loggedMs < LOG_EVERY_MS) return;
      logger.warn({ address, packets: strangers }, 'RADIUS packets of an unknown source were dropped');
      loggedMs = nowMs;
      strangers = 0;
    },
    isLoaded: () => loaded,
    refresh,
    refreshSoon,
    async start() {
      subscriber.on('message', onMessage);
      // What was changed while we did not listen is read once we do.
      subscriber.on('ready', onReady);
      subscriber.subscribe(channel).then(onReady, (error: unknown) => {
        logger.warn({ reason: messageOf(error) }, 'changes of routers are seen by polling only');
      });
      await refresh();
      schedule();
    },
    async stop() {
      stopped = true;
      rereading.stop();
      clearTimeout(timer);
      subscriber.off('message', onMessage);
      subscriber.off('ready', onReady);
      await rereading.running;
    },
  };
}
