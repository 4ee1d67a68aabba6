import type { Clock } from '@turnpike/core/clock.js';
import type { Secret } from '@turnpike/core/secret.js';
import { z } from 'zod';
import { DarajaError } from './daraja-error.js';
import type { DarajaAnswer, DarajaHttp } from './daraja-http.js';

export interface DarajaTokens {
  /** A token that is good for another while; one request for all who ask meanwhile. */
  get(signal: AbortSignal): Promise<string>;
  /** This one was refused: the next `get` asks for another. */
  forget(token: string): void;
}

interface Options {
  readonly url: string;
  readonly consumerKey: Secret;
  readonly consumerSecret: Secret;
  readonly http: DarajaHttp;
  readonly clock: Clock;
}

/** A token is not used in its last minute: what is under way must not be refused half way. */
const SPARE_MS = 60_000;
const FLIGHT_MS = 12_000;
const LONGEST_WORDS = 200;
const NOT_ACCEPTED = 'M-Pesa does not accept the consumer key and the consumer secret: check them';
const granted = z.object({ access_token: z.string().min(1), expires_in: z.coerce.number().positive() });

/** OAuth 2 client credentials (RFC 6749 section 4.4), the way Daraja wants them: GET with the grant type in the query. */
export function createDarajaTokens({ url, consumerKey, consumerSecret, http, clock }: Options): DarajaTokens {
  let known: { token: string; untilMs: number } | undefined;
  let flight: Promise<string> | undefined;

  async function fetchToken(): Promise<string> {
    const basic = Buffer.from(`${consumerKey.reveal()}:${consumerSecret.reveal()}`).toString('base64');
    const answer = await http(
      {
        method: 'GET',
        url: `${url}/oauth/v1/generate?grant_type=client_credentials`,
        headers: { authorization: `Basic ${basic}` },
      },
      AbortSignal.timeout(FLIGHT_MS),
    ).catch((error: unknown) => {
      throw notSent(error);
    });
    const body = granted.safeParse(answer.body);
    if (answer.status === 200 && body.success) {
      const { access_token: token, expires_in: seconds } = body.data;
      known = { token, untilMs: clock.monotonicMs() + Math.max(0, seconds * 1_000 - SPARE_MS) };
      return token;
    }
    if (answer.status < 500) {
      throw new DarajaError('refused', 'credentials', NOT_ACCEPTED, { said: wordsOf(answer) });
    }
    throw new DarajaError('not_sent', `http_${answer.status}`, `M-Pesa gives no access token (HTTP ${answer.status})`);
  }

  return {
    get: async (signal) => {
      signal.throwIfAborted();
      if (known !== undefined && clock.monotonicMs() < known.untilMs) return known.token;
      // Belongs to all who wait for it: it has a deadline of its own, and one who leaves does not end it.
      flight ??= fetchToken().finally(() => (flight = undefined));
      return flight;
    },
    forget: (token) => {
      if (known?.token === token) known = undefined;
    },
  };
}

function wordsOf({ status, body }: DarajaAnswer): string {
  const said = body['errorMessage'];
  return typeof said === 'string' && said !== '' ? said.slice(0, LONGEST_WORDS) : `HTTP ${status}`;
}

/** Without a token nothing was asked for. */
function notSent(error: unknown): DarajaError {
  if (error instanceof DarajaError) return new DarajaError('not_sent', error.code, error.message, { cause: error });
  return new DarajaError('not_sent', 'network', 'M-Pesa cannot be reached', { cause: error });
}
