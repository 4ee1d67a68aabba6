import type { Clock } from '@turnpike/core/clock.js';
import type { SecretBox } from '@turnpike/core/secret-box.js';
import type { Db } from '@turnpike/db/database.js';
import type { OperatorRow } from './operator.store.js';
import { recoveryCodeHash } from './recovery-codes.js';
import { totpStep } from './totp.js';
import { takeRecoveryCode, takeTotpStep } from './two-factor.store.js';

/** How a code was right; `recovery` codes are used up by it. */
export type FactorKind = 'authenticator' | 'recovery';

export interface SecondFactor {
  /** True for who has to give a code. */
  isOn(operator: Pick<OperatorRow, 'totpSecret'>): boolean;
  /** Takes a code, each once; undefined for a wrong one. */
  take(operator: Pick<OperatorRow, 'id' | 'totpSecret'>, otp: string): Promise<FactorKind | undefined>;
}

interface Deps {
  readonly db: Db;
  readonly secretBox: Pick<SecretBox, 'open'>;
  readonly clock: Clock;
}

export function totpPlace(operatorId: string, column: 'totp_secret' | 'totp_pending') {
  return { table: 'operator', row: operatorId, column };
}

export function createSecondFactor({ db, secretBox, clock }: Deps): SecondFactor {
  return {
    isOn: ({ totpSecret }) => totpSecret !== null,
    take: async ({ id, totpSecret }, otp) => {
      if (totpSecret === null) return undefined;
      const secret = secretBox.open(totpSecret, totpPlace(id, 'totp_secret'));
      const step = totpStep(secret, otp.replaceAll(' ', ''), clock.now());
      if (step !== undefined) return (await takeTotpStep(db, id, step)) ? 'authenticator' : undefined;
      const hash = recoveryCodeHash(otp);
      if (hash === undefined) return undefined;
      return (await takeRecoveryCode(db, id, hash, clock.now())) ? 'recovery' : undefined;
    },
  };
}
