import { systemClock } from '@turnpike/core/clock.js';
import type { SecretBox } from '@turnpike/core/secret-box.js';
import type { Sql } from '@turnpike/db/sql.js';
import { createForgeryWatch } from '@turnpike/features/nas/forgery-watch.js';
import { createNasActivity } from '@turnpike/features/nas/nas-activity.js';
import { addNasReports } from '@turnpike/features/nas/nas-activity.store.js';
import { announceNasChange, createNasDirectory, type NasDirectory } from '@turnpike/features/nas/nas-directory.js';
import { createNasWatch, type NasWatch } from '@turnpike/features/nas/nas-watch.js';
import type { Logger } from '@turnpike/runtime/logger.js';
import type { Metrics } from '@turnpike/runtime/metrics.js';
import type { Redis } from '@turnpike/runtime/redis.js';

export interface NasSideOptions {
  readonly db: Sql;
  readonly secretBox: SecretBox;
  readonly subscriber: Redis;
  readonly publisher: Redis;
  readonly logger: Logger;
  readonly metrics: Metrics;
  /** Packets a second from a NAS without a rate of its own. */
  readonly defaultRate: number;
  readonly prefix: string;
}

export interface NasSide {
  readonly nases: NasDirectory;
  readonly watch: NasWatch;
  start(): Promise<void>;
  /** Stores what is not yet stored; call it after the last packet. */
  stop(): Promise<void>;
}

/** The NASes: who they are, what they may send, and what they were seen doing. */
export function createNasSide(options: NasSideOptions): NasSide {
  const { db, secretBox, subscriber, publisher, logger, metrics, defaultRate, prefix } = options;
  const clock = systemClock;
  const channel = `${prefix}nas-changed`;
  const nases = createNasDirectory({ db, secretBox, subscriber, logger, clock, channel, defaultRate });
  const activity = createNasActivity({ store: (reports) => addNasReports(db, reports), clock, logger });
  const forgeries = createForgeryWatch({ clock });
  const announce = () => announceNasChange(publisher, channel);
  const watch = createNasWatch({ nases, activity, forgeries, announce, clock, logger });

  const gauge = (name: string, help: string, value: () => number) =>
    metrics.gauge(name, help, [], (it) => it.set(value()));
  gauge('turnpike_radius_nas', 'NASes whose packets are taken', nases.size);
  gauge('turnpike_radius_nas_secret_mismatches', 'NASes that use another secret than ours now', nases.mismatched);
  gauge('turnpike_radius_nas_forgery_alarms', 'NASes with over 10 wrong authenticators in a minute', forgeries.alarms);
  return {
    nases,
    watch,
    async start() {
      await nases.start();
      activity.start();
    },
    async stop() {
      watch.stop();
      await activity.stop();
      await nases.stop();
    },
  };
}
