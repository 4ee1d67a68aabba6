import { AppError } from '@turnpike/core/app-error.js';
import { type CrashPoints, noCrashPoints } from '@turnpike/core/crash-points.js';
import { sameSecret } from '@turnpike/core/same-secret.js';
import type { Secret } from '@turnpike/core/secret.js';
import { isUnavailable } from '@turnpike/db/database-errors.js';
import type { Sql } from '@turnpike/db/sql.js';
import { v7 as uuidv7 } from 'uuid';
import { addressCheck } from './address-check.js';
import { type CallbackTokens, hashCallbackToken } from './callback-token.js';
import type { ParkedCallbacks } from './parked-callbacks.js';
import { keepCallback, keepPaybillMessage } from './payment-message.store.js';

export type CallbackOutcome = 'accepted' | 'parked' | 'unknown_token' | 'not_allowed';

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
  readonly tokens: Pick<CallbackTokens, 'isOurs'>;
  /** Where results wait while PostgreSQL is away: M-Pesa says each only once. */
  readonly parked: Pick<ParkedCallbacks, 'park'>;
  /** Addresses and networks that M-Pesa calls from, as set up now; empty: any. The same array until it changes. */
  readonly allow: () => readonly string[];
  /** In the addresses that are registered for the paybill, as set up now; undefined: there is none. */
  readonly paybillToken: () => Secret | undefined;
  readonly wake: () => void;
  readonly count: (outcome: CallbackOutcome) => void;
  readonly crash?: CrashPoints;
  /** How long PostgreSQL has before it counts as away, ms. Default 1,000: M-Pesa waits for some seconds. */
  readonly patienceMs?: number;
}

const ACCEPTED: Accepted = { ResultCode: 0, ResultDesc: 'Accepted' };
const PATIENCE_MS = 1_000;

export function createCallbackIntake(deps: Deps): CallbackIntake {
  const { sql, tokens, parked, count, crash = noCrashPoints, patienceMs = PATIENCE_MS } = deps;
  let list = deps.allow();
  let isListed = addressCheck(list);

  function isAllowed(ip: string): boolean {
    const now = deps.allow();
    if (now !== list) {
      isListed = addressCheck(now);
      list = now;
    }
    return isListed(ip);
  }

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
    const paybillToken = deps.paybillToken();
    if (paybillToken === undefined || !sameSecret(token, paybillToken.reveal())) throw unknownToken();
  }

  /**
   * Gives what `keep` gives; undefined when PostgreSQL was away and it waits in Redis instead. A try that was only late may still be
   * kept: then it is the same message, and is not kept again.
   */
  async function keepOrPark<Kept>(keep: Promise<Kept>, park: () => Promise<void>): Promise<Kept | undefined> {
    try {
      const kept = await inTime(keep, patienceMs);
      crash.pass('api.callback-kept');
      count('accepted');
      deps.wake();
      return kept;
    } catch (error) {
      if (!isUnavailable(error) && !(error instanceof Late)) throw error;
      await park();
      crash.pass('api.callback-parked');
      count('parked');
      return undefined;
    }
  }

  return {
    callback: async ({ token, raw, ip }) => {
      refuseStrangers(ip);
      crash.pass('api.callback-arrived');
      const [tokenHash, said] = [hashCallbackToken(token), newMessage(raw, ip)];
      await keepOrPark(keepKnown(tokenHash, said), async () => {
        // Strangers store nothing: what is parked was sent by whoever we gave the address to.
        if (!tokens.isOurs(token)) throw unavailable();
        await parked.park({ ...said, kind: 'callback', tokenHash });
      });
      return ACCEPTED;
    },
    confirmation: async (arrived) => {
      requirePaybill(arrived);
      const said = newMessage(arrived.raw, arrived.ip);
      const park = (): Promise<void> => parked.park({ ...said, kind: 'paybill', tokenHash: '' });
      await keepOrPark(keepPaybillMessage(sql, said), park);
      return ACCEPTED;
    },
    validation: async (arrived) => {
      requirePaybill(arrived);
      return ACCEPTED;
    },
  };

  async function keepKnown(tokenHash: string, said: ReturnType<typeof newMessage>): Promise<void> {
    if (!(await keepCallback(sql, tokenHash, said))) throw unknownToken();
  }
}

/** PostgreSQL keeps no NUL. */
function newMessage(raw: string, sourceAddress: string) {
  return { id: uuidv7(), outboxId: uuidv7(), body: raw.replaceAll('\0', '\uFFFD'), sourceAddress };
}

function unavailable(): AppError {
  return new AppError('unavailable', 'Payment results cannot be taken just now.');
}

class Late extends Error {}

async function inTime<Result>(work: Promise<Result>, ms: number): Promise<Result> {
  // Whoever comes too late is not listened to any more.
  work.catch(() => undefined);
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Late('PostgreSQL does not answer')), ms);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}
