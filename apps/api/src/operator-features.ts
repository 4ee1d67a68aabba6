import type { Clock } from '@turnpike/core/clock.js';
import type { Secret } from '@turnpike/core/secret.js';
import type { SecretBox } from '@turnpike/core/secret-box.js';
import type { Database } from '@turnpike/db/database.js';
import { alertRoutes } from '@turnpike/features/alerts/alerts.routes.js';
import { createAlertsService } from '@turnpike/features/alerts/alerts.service.js';
import { operatorBindings } from '@turnpike/features/operators/operator-bindings.js';
import type { OperatorsService } from '@turnpike/features/operators/operators.service.js';
import { createPasswordHasher } from '@turnpike/features/operators/passwords.js';
import type { RouteBinding } from '@turnpike/runtime/http/route.js';
import type { Metrics } from '@turnpike/runtime/metrics.js';
import type { Redis } from '@turnpike/runtime/redis.js';

interface Deps {
  readonly database: Database;
  /** Counts the attempts to sign in. */
  readonly counters: Redis;
  readonly metrics: Metrics;
  readonly clock: Clock;
  readonly secretBox: SecretBox;
  readonly pepper: Secret;
  readonly prefix: string;
}

/** `namesOf`: names of operators by id. */
export interface OperatorFeatures {
  readonly routes: RouteBinding[];
  readonly namesOf: OperatorsService['namesOf'];
}

/** Two of libuv's four threads at most; who waits behind 40 others has waited about a second. */
const HASHES = { atOnce: 2, waiting: 40 };

/** Signing in, operators, their tokens, and what they did. */
export function operatorFeatures(deps: Deps): OperatorFeatures {
  const { database, counters, metrics, clock, secretBox, pepper, prefix } = deps;
  const { db, transact } = database;
  const logins = metrics.counter('turnpike_api_logins_total', 'Attempts to sign in, by outcome', ['outcome']);
  const { bindings, operators } = operatorBindings({
    ...{ db, transact, counters, prefix, pepper, secretBox, clock },
    hasher: createPasswordHasher(HASHES),
    countLogin: (outcome) => logins.inc({ outcome }),
  });
  const routes = [
    ...bindings,
    ...alertRoutes({ alerts: createAlertsService({ db, transact, clock, namesOf: operators.namesOf }) }),
  ];
  return { routes, namesOf: operators.namesOf };
}
