import type { Clock } from '@turnpike/core/clock.js';
import type { Secret } from '@turnpike/core/secret.js';
import type { SecretBox } from '@turnpike/core/secret-box.js';
import type { Database } from '@turnpike/db/database.js';
import type { RouteBinding } from '@turnpike/runtime/http/route.js';
import type { Redis } from '@turnpike/runtime/redis.js';
import { auditRoutes } from '../audit/audit.routes.js';
import { createApiTokensService } from './api-tokens.service.js';
import { createLoginLimits } from './login-limits.js';
import { operatorRoutes } from './operators.routes.js';
import { createOperatorsService, type OperatorsService } from './operators.service.js';
import { createOwnPasswordService } from './own-password.service.js';
import type { PasswordHasher } from './passwords.js';
import { createProofLimits } from './proof-limits.js';
import { createSecondFactor } from './second-factor.js';
import { createSignInService, type LoginOutcome } from './sign-in.service.js';
import { createSignInSessionsService } from './sign-in-sessions.service.js';
import { createStepUpService } from './step-up.service.js';
import { createTwoFactorService } from './two-factor.service.js';

export interface OperatorBindingsDeps extends Pick<Database, 'db' | 'transact'> {
  /** Counts the attempts to sign in. */
  readonly counters: Redis;
  readonly prefix: string;
  readonly pepper: Secret;
  readonly secretBox: SecretBox;
  readonly clock: Clock;
  readonly hasher: PasswordHasher;
  readonly countLogin: (outcome: LoginOutcome) => void;
}

/** Signing in, operators, their tokens, and what they did. */
export function operatorBindings(deps: OperatorBindingsDeps): {
  readonly bindings: RouteBinding[];
  readonly operators: OperatorsService;
} {
  const { db, transact, counters, prefix, pepper, secretBox, clock, hasher, countLogin } = deps;
  const limits = createLoginLimits({ redis: counters, pepper, prefix });
  const proofLimits = createProofLimits({ redis: counters, prefix });
  const secondFactor = createSecondFactor({ db, secretBox, clock });
  const operators = createOperatorsService({ db, transact, clock, hasher });
  const bindings = [
    ...operatorRoutes({
      signIn: createSignInService({ db, transact, clock, limits, proofLimits, secondFactor, hasher, countLogin }),
      operators,
      apiTokens: createApiTokensService({ db, transact, clock }),
      stepUp: createStepUpService({ db, transact, clock, hasher, limits: proofLimits, secondFactor }),
      twoFactor: createTwoFactorService({ db, transact, secretBox, limits: proofLimits, clock }),
      sessions: createSignInSessionsService({ db, transact, clock }),
      ownPassword: createOwnPasswordService({ db, transact, clock, hasher, limits: proofLimits }),
    }),
    ...auditRoutes({ db, namesOf: operators.namesOf, clock }),
  ];
  return { bindings, operators };
}
