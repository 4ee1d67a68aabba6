import { messageOf } from '@turnpike/core/app-error.js';
import type { Sql } from '@turnpike/db/sql.js';
import type { Logger } from '@turnpike/runtime/logger.js';
import type { Tracing } from '@turnpike/runtime/tracing/tracing.js';
import { traceparentsOf } from '../entitlements/entitlement-traces.js';
import type { SessionChange } from './session-merging.js';

export interface SessionTracesOptions {
  readonly db: Sql;
  readonly tracing: Tracing;
  readonly logger: Logger;
}

/** Tells of sessions that open and close in the trace of the purchase that they run on. Never rejects. */
export type SessionTraces = (changes: readonly SessionChange[]) => Promise<void>;

const NAMES = { open: 'accounting start', closed: 'accounting stop' } as const;

/** Undefined while traces are off. */
export function createSessionTraces({ db, tracing, logger }: SessionTracesOptions): SessionTraces | undefined {
  if (!tracing.isOn) return undefined;

  async function tell(changes: readonly SessionChange[]): Promise<void> {
    const told = changes.filter(({ stateChanged, entitlementId }) => stateChanged && entitlementId !== null);
    if (told.length === 0) return;
    const parents = await traceparentsOf(
      db,
      told.flatMap(({ entitlementId }) => entitlementId ?? []),
    );
    for (const { id, entitlementId, state } of told) {
      const parent = parents.get(entitlementId ?? '');
      if (parent === undefined || (state !== 'open' && state !== 'closed')) continue;
      const attributes = { 'turnpike.session.id': id, 'turnpike.entitlement.id': entitlementId ?? '' };
      tracing.start(NAMES[state], { parent, attributes }).end();
    }
  }

  return (changes) =>
    tell(changes).catch((error: unknown) =>
      logger.debug({ reason: messageOf(error) }, 'sessions could not be told of in traces'),
    );
}
