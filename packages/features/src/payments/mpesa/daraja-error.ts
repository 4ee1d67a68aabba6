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
  /** What M-Pesa said, where the message does not repeat it: it may echo what it was sent. Not for logs. */
  readonly said: string | undefined;

  constructor(
    kind: DarajaErrorKind,
    code: string,
    message: string,
    { said, ...options }: { cause?: unknown; said?: string } = {},
  ) {
    super(message, options);
    this.said = said;
    this.kind = kind;
    this.code = code;
  }
}
