import { messageOf } from '@turnpike/core/app-error.js';
import type { Clock } from '@turnpike/core/clock.js';
import type { Secret } from '@turnpike/core/secret.js';
import type { Logger } from '@turnpike/runtime/logger.js';
import type { DarajaClient } from './daraja-client.js';

interface Deps {
  readonly client: Pick<DarajaClient, 'registerUrls'> | undefined;
  /** Undefined: payments to the paybill are not taken. */
  readonly token: Secret | undefined;
  readonly publicUrl: string;
  readonly clock: Clock;
  readonly logger: Logger;
}

const AGAIN_MS = 600_000;

/**
 * Tells M-Pesa once where to announce payments to the paybill; to be called often, does nothing once that is done, and tries
 * every ten minutes until then. Safaricom takes no address with its own names in it, hence `/payments/paybill/`. Never throws.
 */
export function createPaybillRegistration({ client, token, publicUrl, clock, logger }: Deps) {
  let isDone = client === undefined || token === undefined;
  let againMs = 0;
  return async (signal: AbortSignal): Promise<void> => {
    if (isDone || client === undefined || token === undefined || clock.monotonicMs() < againMs) return;
    againMs = clock.monotonicMs() + AGAIN_MS;
    const address = (what: string): string => `${publicUrl}/api/v1/payments/paybill/${what}/${token.reveal()}`;
    try {
      await client.registerUrls({ confirmation: address('confirmation'), validation: address('validation') }, signal);
      isDone = true;
      logger.info('M-Pesa announces payments to the paybill to us');
    } catch (error) {
      logger.warn({ reason: messageOf(error) }, 'M-Pesa was not told where to announce payments to the paybill');
    }
  };
}
