import type { Clock } from '@turnpike/core/clock.js';
import { createAlertMemory, noteLedger } from '@turnpike/features/alerts/alert-memory.js';
import { createAlertSweep } from '@turnpike/features/alerts/alert-sweep.js';
import { alertJobs } from '@turnpike/features/alerts/alerts.jobs.js';
import { createAuditWatch } from '@turnpike/features/alerts/audit-watch.js';
import { createFinders } from '@turnpike/features/alerts/finders.js';
import { createLoginWatch, DECISIONS_METRIC } from '@turnpike/features/alerts/login-watch.js';
import type { SettingsReader } from '@turnpike/features/settings/settings-reader.js';
import { countUnended } from '@turnpike/features/sessions/session-proof.store.js';
import { createQueueInspector } from '@turnpike/queue/inspector.js';
import type { LiveBus } from '@turnpike/runtime/live-bus.js';
import type { Logger } from '@turnpike/runtime/logger.js';
import { readSamples } from '@turnpike/runtime/metrics-fanout.js';
import { listOpsTargets } from '@turnpike/runtime/ops-server.js';
import type { WorkerConfig } from './config.js';
import type { Stores } from './stores.js';

export interface AlertsSideDeps {
  readonly config: WorkerConfig;
  readonly settings: Pick<SettingsReader, 'branding'>;
  readonly stores: Stores;
  readonly live: LiveBus;
  readonly wake: () => void;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Begins every Redis key. */
  readonly prefix: string;
}

/** Looks for what operators have to know of, and tells them. */
export function createAlertsSide({ config, settings, stores, live, wake, clock, logger, prefix }: AlertsSideDeps) {
  const { database, durable } = stores;
  const { db, transact } = database;
  const inspector = createQueueInspector({ connection: durable, prefix });
  const memory = createAlertMemory({ redis: durable, prefix });
  const targets = () => listOpsTargets(durable, clock);
  const finders = createFinders({
    db,
    memory,
    backlog: inspector.backlog,
    countUnended: (overdueSeconds) => countUnended(db, overdueSeconds),
    liveRoles: async () => (await targets()).map(({ role }) => role),
    refusedLogins: createLoginWatch({
      memory,
      clock,
      readDecisions: async () => {
        const radius = (await targets()).filter(({ role }) => role.startsWith('radius'));
        return readSamples(radius, [DECISIONS_METRIC]);
      },
    }),
    brokenAuditEntry: createAuditWatch({ db, memory }),
  });
  const sweep = createAlertSweep({
    transact,
    finders,
    publish: (event) => live.publish(event),
    wake,
    clock,
    logger,
    // Asked at every sweep.
    get timeZone() {
      return settings.branding().timeZone;
    },
    publicUrl: config.publicUrl,
  });
  return {
    handlers: alertJobs({ sweep }),
    ledgerChecked: (differences: number) => noteLedger(memory, differences),
    close: () => inspector.close(),
  };
}
