/**
 * What went wrong between us and a router.
 * `trap`: the router refused the command (its own words are in `message`). `login`: bad credentials. `connect`, `tls`,
 * `timeout`, `connection-lost`, `fatal`, `closed`, `aborted`, `protocol`: the link. `usage`: our own mistake, nothing was sent.
 */
export type RosErrorKind =
  | 'trap'
  | 'login'
  | 'connect'
  | 'tls'
  | 'connection-lost'
  | 'fatal'
  | 'timeout'
  | 'aborted'
  | 'closed'
  | 'protocol'
  | 'usage';

export interface RosTrap {
  readonly message: string;
  /** RouterOS API manual: 0 missing item or command, 1 argument value, 2 interrupted, 3 scripting, 4 general, 5 API, 6 TTY, 7 :return. */
  readonly category: number | undefined;
}

/** `login`, `connect` and `tls` come before the first command. */
const CERTAIN_KINDS: ReadonlySet<RosErrorKind> = new Set(['trap', 'usage', 'login', 'connect', 'tls']);

export class RosError extends Error {
  override readonly name = 'RosError';
  readonly kind: RosErrorKind;
  /** The command word that failed, for example `/ip/pool/add`; never its arguments, which may hold secrets. */
  readonly command: string | undefined;
  readonly traps: readonly RosTrap[];
  /** System error code such as ECONNREFUSED, where there is one. */
  readonly code: string | undefined;
  /** SHA-256 of the certificate that was offered, when `kind` is `tls`. */
  readonly fingerprint256: string | undefined;

  constructor(
    kind: RosErrorKind,
    message: string,
    details: {
      command?: string | undefined;
      traps?: readonly RosTrap[];
      code?: string | undefined;
      fingerprint256?: string | undefined;
      cause?: unknown;
    } = {},
  ) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.kind = kind;
    this.command = details.command;
    this.traps = details.traps ?? [];
    this.code = details.code;
    this.fingerprint256 = details.fingerprint256;
  }

  /**
   * True when a write may have been carried out although it failed: read the state again before trying once more.
   * Only the router's own refusal and errors before anything was sent are certain.
   */
  get outcomeUnknown(): boolean {
    return !CERTAIN_KINDS.has(this.kind);
  }
}
