/**
 * Why a call of the M-Pesa API gave no answer to go by.
 * - `not_sent`: nothing reached it, so it may be tried again whatever it asks for.
 * - `refused`: it says no; what was asked for has not happened.
 * - `unclear`: the time was up, the connection broke or the answer makes no sense: it may have happened.
 */
export type DarajaErrorKind = 'not_sent' | 'refused' | 'unclear';

export class DarajaError extends Error {
  override readonly name = 'DarajaError';
  readonly kind: DarajaErrorKind;
  /** The API's own code (`500.001.1001`), or `http_503`, `timeout`, `network`. */
  readonly code: string;

  constructor(kind: DarajaErrorKind, code: string, message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.kind = kind;
    this.code = code;
  }
}
