import { messageOf } from '@turnpike/core/app-error.js';
import type { Clock } from '@turnpike/core/clock.js';
import type { Secret } from '@turnpike/core/secret.js';
import type { Logger } from '@turnpike/runtime/logger.js';
import type { DarajaClient } from './daraja-client.js';

/** Who is told what. */
interface Registration {
  readonly client: Pick<DarajaClient, 'registerUrls'>;
  readonly token: Secret;
}

interface Deps {
  /** As set up now, the same client and token until they change; undefined: payments to the paybill are not taken. */
  readonly wanted: () => Registration | undefined;
  readonly publicUrl: string;
  readonly clock: Clock;
  readonly logger: Logger;
}

const AGAIN_MS = 600_000;

/**
 * Tells M-Pesa once where to announce payments to the paybill, and again when that was set up anew; to be called often, does
 * nothing once that is done, and tries every ten minutes until then. Safaricom takes no address with its own names in it, hence
 * `/payments/paybill/`. Never throws.
 */
export function createPaybillRegistration({ wanted, publicUrl, clock, logger }: Deps) {
  let done: Registration | undefined;
  let tried: { readonly what: Registration; readonly againMs: number } | undefined;

  const isDue = (now: Registration): boolean => {
    if (isSame(done, now)) return false;
    return !isSame(tried?.what, now) || clock.monotonicMs() >= (tried?.againMs ?? 0);
  };

  return async (signal: AbortSignal): Promise<void> => {
    const now = wanted();
    if (now === undefined || !isDue(now)) return;
    tried = { what: now, againMs: clock.monotonicMs() + AGAIN_MS };
    const address = (what: string): string => `${publicUrl}/api/v1/payments/paybill/${what}/${now.token.reveal()}`;
    try {
      const urls = { confirmation: address('confirmation'), validation: address('validation') };
      await now.client.registerUrls(urls, signal);
      done = now;
      logger.info('M-Pesa announces payments to the paybill to us');
    } catch (error) {
      logger.warn({ reason: messageOf(error) }, 'M-Pesa was not told where to announce payments to the paybill');
    }
  };
}

function isSame(one: Registration | undefined, other: Registration): boolean {
  return one !== undefined && one.client === other.client && one.token === other.token;
}
