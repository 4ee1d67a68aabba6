import type { Secret } from '@turnpike/core/secret.js';
import type { RosError } from './ros-error.js';

/** Attributes of a command, `{ 'address-pool': 'tp-1', disabled: false }`; booleans go out as yes/no, undefined is left out. */
export type RosAttributes = Readonly<Record<string, string | number | boolean | undefined>>;

/** One reply row, exactly as the router printed it; the internal id is under `.id`. */
export type RosRow = Readonly<Record<string, string | undefined>>;

export interface RosCallOptions {
  /** Give up after this many ms (the router is told to /cancel). Default: the session's command timeout. */
  readonly timeoutMs?: number | undefined;
  readonly signal?: AbortSignal | undefined;
}

export interface RosPrintOptions extends RosCallOptions {
  /** Equality tests, all of which must hold. Booleans are compared as true/false, the form the router prints. */
  readonly where?: Readonly<Record<string, string | boolean>>;
  readonly proplist?: readonly string[];
  /** At most this many rows are kept; one more is a `protocol` error (a hostile router must not fill our memory). Default 10,000. */
  readonly maxRows?: number;
}

/**
 * One logged-in API connection to one router. Every call settles: with an answer, or with a RosError.
 * A session is never reconnected; when it is lost, dial a new one. Dependent writes must be awaited one by one.
 */
export interface RosSession {
  /** Runs any command, for example `/system/device-mode/print`. `ret` is the `=ret=` of the final reply. */
  exec(
    command: string,
    attributes?: RosAttributes,
    options?: RosCallOptions,
  ): Promise<{ rows: RosRow[]; ret: string | undefined }>;
  print(path: string, options?: RosPrintOptions): Promise<RosRow[]>;
  /** Gives the new object's id, for example `*1A`. */
  add(path: string, attributes: RosAttributes, options?: RosCallOptions): Promise<string>;
  /** `rosId` is undefined for a settings menu such as `/ip/dns`. */
  set(path: string, rosId: string | undefined, attributes: RosAttributes, options?: RosCallOptions): Promise<void>;
  unset(path: string, rosId: string, property: string, options?: RosCallOptions): Promise<void>;
  remove(path: string, rosId: string, options?: RosCallOptions): Promise<void>;
  /** Commands that never end by themselves (listen, monitor). `stop()` resolves when the router has confirmed. */
  stream(
    command: string,
    attributes: RosAttributes,
    onRow: (row: RosRow) => void,
  ): { done: Promise<void>; stop(): Promise<void> };
  /** Settles once, when the connection is gone, with the reason. Never rejects. */
  readonly closed: Promise<RosError>;
  /** Our own address of the connection as the router sees it (to find the management path that must not be touched). */
  readonly localAddress: string;
  close(): Promise<void>;
}

export interface RosTarget {
  /** An IP address or a host name. */
  readonly host: string;
  readonly port: number;
  readonly username: string;
  readonly password: Secret;
  /** undefined: plain API. Otherwise API-SSL; the certificate must have this SHA-256 (`AB:CD:..`) before credentials are sent. */
  readonly tls: { readonly fingerprint256: string } | undefined;
}

/** Opens and logs in, or rejects with a RosError; bounded in time. */
export type DialRouter = (target: RosTarget, options?: { signal?: AbortSignal | undefined }) => Promise<RosSession>;
