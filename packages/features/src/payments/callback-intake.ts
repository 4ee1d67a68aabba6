import { AppError } from '@turnpike/core/app-error.js';
import { sameSecret } from '@turnpike/core/same-secret.js';
import type { Secret } from '@turnpike/core/secret.js';
import type { Sql } from '@turnpike/db/sql.js';
import { v7 as uuidv7 } from 'uuid';
import { addressCheck } from './address-check.js';
import { hashCallbackToken } from './callback-token.js';
import { keepCallback, keepPaybillMessage } from './payment-message.store.js';

export type CallbackOutcome = 'accepted' | 'unknown_token' | 'not_allowed';

/** What M-Pesa tells us, as it arrives. Nothing of it is believed here: it is kept, answered and looked at later. */
export interface CallbackIntake {
  /** Throws `not_found` for a token of no payment, `forbidden` for an address that is not on the list. */
  callback(arrived: Arrived): Promise<Accepted>;
  /** The same for the token of the paybill. */
  confirmation(arrived: Arrived): Promise<Accepted>;
  /** Everything is accepted: money that fits nothing is looked at by a person. */
  validation(arrived: Arrived): Promise<Accepted>;
}

export interface Arrived {
  readonly token: string;
  readonly raw: string;
  /** Of the socket's other end, or as a trusted proxy says. */
  readonly ip: string;
}

export interface Accepted {
  readonly ResultCode: number | string;
  readonly ResultDesc: string;
}

interface Deps {
  readonly sql: Sql;
  /** Addresses and networks that M-Pesa calls from; empty: any. */
  readonly allow: readonly string[];
  /** In the addresses that are registered for the paybill; undefined: there is none. */
  readonly paybillToken: Secret | undefined;
  readonly wake: () => void;
  readonly count: (outcome: CallbackOutcome) => void;
}

const ACCEPTED: Accepted = { ResultCode: 0, ResultDesc: 'Accepted' };

export function createCallbackIntake({ sql, allow, paybillToken, wake, count }: Deps): CallbackIntake {
  const isAllowed = addressCheck(allow);

  function refuseStrangers(ip: string): void {
    if (isAllowed(ip)) return;
    count('not_allowed');
    throw new AppError('forbidden', 'Payment results are not taken from this address.');
  }

  function unknownToken(): AppError {
    count('unknown_token');
    return new AppError('not_found', 'There is nothing at this path.');
  }

  function requirePaybill({ token, ip }: Arrived): void {
    refuseStrangers(ip);
    if (paybillToken === undefined || !sameSecret(token, paybillToken.reveal())) throw unknownToken();
  }

  return {
    callback: async ({ token, raw, ip }) => {
      refuseStrangers(ip);
      if (!(await keepCallback(sql, hashCallbackToken(token), newMessage(raw, ip)))) throw unknownToken();
      count('accepted');
      wake();
      return ACCEPTED;
    },
    confirmation: async (arrived) => {
      requirePaybill(arrived);
      await keepPaybillMessage(sql, newMessage(arrived.raw, arrived.ip));
      count('accepted');
      wake();
      return ACCEPTED;
    },
    validation: async (arrived) => {
      requirePaybill(arrived);
      return ACCEPTED;
    },
  };
}

/** PostgreSQL keeps no NUL. */
function newMessage(raw: string, sourceAddress: string) {
  return { id: uuidv7(), outboxId: uuidv7(), body: raw.replaceAll('\0', '\uFFFD'), sourceAddress };
}
