import type { Clock } from '@turnpike/core/clock.js';
import type { Secret } from '@turnpike/core/secret.js';
import type { SecretBox } from '@turnpike/core/secret-box.js';
import type { Database } from '@turnpike/db/database.js';
import { auditRoutes } from '@turnpike/features/audit/audit.routes.js';
import { createApiTokensService } from '@turnpike/features/operators/api-tokens.service.js';
import { createLoginLimits } from '@turnpike/features/operators/login-limits.js';
import { operatorRoutes } from '@turnpike/features/operators/operators.routes.js';
import { createOperatorsService } from '@turnpike/features/operators/operators.service.js';
import { createPasswordHasher } from '@turnpike/features/operators/passwords.js';
import { createProofLimits } from '@turnpike/features/operators/proof-limits.js';
import { createSecondFactor } from '@turnpike/features/operators/second-factor.js';
import { createSignInService, type LoginOutcome } from '@turnpike/features/operators/sign-in.service.js';
import { createSignInSessionsService } from '@turnpike/features/operators/sign-in-sessions.service.js';
import { createStepUpService } from '@turnpike/features/operators/step-up.service.js';
import { createTwoFactorService } from '@turnpike/features/operators/two-factor.service.js';
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

/** Two of libuv's four threads at most; who waits behind 40 others has waited about a second. */
const HASHES = { atOnce: 2, waiting: 40 };

/** Signing in, operators, their tokens, and what they did. */
export function operatorFeatures(deps: Deps): RouteBinding[] {
  const { database, counters, metrics, clock, secretBox, pepper, prefix } = deps;
  const { db, transact } = database;
  const hasher = createPasswordHasher(HASHES);
  const limits = createLoginLimits({ redis: counters, pepper, prefix });
  const proofLimits = createProofLimits({ redis: counters, prefix });
  const secondFactor = createSecondFactor({ db, secretBox, clock });
  const logins = metrics.counter('turnpike_api_logins_total', 'Attempts to sign in, by outcome', ['outcome']);
  const countLogin = (outcome: LoginOutcome) => logins.inc({ outcome });
  const operators = createOperatorsService({ db, transact, clock, hasher });
  return [
    ...operatorRoutes({
      signIn: createSignInService({ db, transact, clock, limits, proofLimits, secondFactor, hasher, countLogin }),
      operators,
      apiTokens: createApiTokensService({ db, transact, clock }),
      stepUp: createStepUpService({ db, transact, clock, hasher, limits: proofLimits, secondFactor }),
      twoFactor: createTwoFactorService({ db, transact, secretBox, limits: proofLimits, clock }),
      sessions: createSignInSessionsService({ db, transact, clock }),
    }),
    ...auditRoutes({ db, namesOf: operators.namesOf, clock }),
  ];
}
