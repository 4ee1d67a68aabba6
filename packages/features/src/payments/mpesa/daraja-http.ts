import { messageOf } from '@turnpike/core/app-error.js';
import { z } from 'zod';
import { DarajaError } from './daraja-error.js';

export interface DarajaRequest {
  readonly url: string;
  readonly method: 'GET' | 'POST';
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: unknown;
}

export interface DarajaAnswer {
  readonly status: number;
  /** Parsed; an empty object when there was none. */
  readonly body: Readonly<Record<string, unknown>>;
  readonly raw: string;
}

export type DarajaHttp = (request: DarajaRequest, signal: AbortSignal) => Promise<DarajaAnswer>;

const ANSWER_MS = 10_000;
/** System errors after which not a byte of the request can have been read by anybody. */
const NEVER_SENT = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'UND_ERR_CONNECT_TIMEOUT',
  'CERT_HAS_EXPIRED',
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'ERR_TLS_CERT_ALTNAME_INVALID',
]);
const record = z.record(z.string(), z.unknown());

/** One exchange of JSON over fetch; `answerMs`: longest for connecting and answering together. Rejects with DarajaError. */
export function createDarajaHttp({ answerMs = ANSWER_MS }: { answerMs?: number } = {}): DarajaHttp {
  return async ({ url, method, headers, body }, signal) => {
    const timeout = AbortSignal.timeout(answerMs);
    try {
      const response = await fetch(url, {
        method,
        redirect: 'error',
        signal: AbortSignal.any([signal, timeout]),
        headers: { accept: 'application/json', ...headers, ...(body === undefined ? {} : JSON_TYPE) },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
      const raw = await response.text();
      return { status: response.status, body: parsed(raw), raw };
    } catch (error) {
      if (timeout.aborted || signal.aborted) {
        throw new DarajaError('unclear', 'timeout', 'M-Pesa did not answer in time', { cause: error });
      }
      throw networkError(error);
    }
  };
}

const JSON_TYPE = { 'content-type': 'application/json' };

function networkError(error: unknown): DarajaError {
  const cause = typeof error === 'object' && error !== null && 'cause' in error ? error.cause : undefined;
  const code = systemCode(cause);
  const reason = messageOf(cause ?? error);
  if (code !== undefined && NEVER_SENT.has(code)) {
    return new DarajaError('not_sent', 'network', `M-Pesa cannot be reached: ${reason}`, { cause: error });
  }
  return new DarajaError('unclear', 'network', `the connection to M-Pesa broke: ${reason}`, { cause: error });
}

/** Of an attempt at several addresses, when all of them say the same. */
function systemCode(cause: unknown): string | undefined {
  if (typeof cause !== 'object' || cause === null) return undefined;
  if ('code' in cause && typeof cause.code === 'string') return cause.code;
  if (!('errors' in cause) || !Array.isArray(cause.errors)) return undefined;
  const codes = new Set(cause.errors.map(systemCode));
  return codes.size === 1 ? [...codes][0] : undefined;
}

function parsed(raw: string): Readonly<Record<string, unknown>> {
  try {
    return record.safeParse(JSON.parse(raw)).data ?? {};
  } catch {
    return {};
  }
}
