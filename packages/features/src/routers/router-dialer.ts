import { AppError, messageOf } from '@turnpike/core/app-error.js';
import { assertNever } from '@turnpike/core/assert-never.js';
import { Secret } from '@turnpike/core/secret.js';
import type { SecretBox } from '@turnpike/core/secret-box.js';
import type { Db } from '@turnpike/db/database.js';
import { RosError } from '@turnpike/routeros/ros-error.js';
import type { DialRouter, RosSession } from '@turnpike/routeros/ros-session.js';
import type { probeTlsFingerprint } from '@turnpike/routeros/tls-probe.js';
import { resolveRouterAddress, type AddressPolicy } from './address-policy.js';
import { findRouterRow, pinFirstFingerprint, type RouterRow } from './router.store.js';

/** A refused login is tried once more, then left alone until somebody changes the credentials: no lock-outs, no log floods. */
export const MAX_LOGIN_FAILURES = 2;

export interface RouterDialer {
  /** Logs in to a router, or rejects with an AppError that says why in words for an operator. */
  open(routerId: string, options?: OpenOptions): Promise<RosSession>;
}

export interface OpenOptions {
  readonly signal?: AbortSignal | undefined;
  /** Nobody waits for this one: a router that refused our login as often as the poller tries is not asked again. */
  readonly sparing?: boolean;
}

export interface RouterDialerDeps {
  readonly db: Db;
  readonly dial: DialRouter;
  readonly probeTlsFingerprint: typeof probeTlsFingerprint;
  readonly secretBox: SecretBox;
  readonly policy: AddressPolicy;
}

export function createRouterDialer(deps: RouterDialerDeps): RouterDialer {
  return {
    open: async (routerId, { signal, sparing = false } = {}) => {
      const row = await findRouterRow(deps.db, routerId);
      if (row === null) throw new AppError('not_found', `there is no router ${routerId}`);
      if (row.address === null) {
        throw new AppError(
          'router_has_no_address',
          `${row.name} has no address yet: paste its bootstrap script on the router, or set the address`,
        );
      }
      if (sparing && row.loginFailures >= MAX_LOGIN_FAILURES) {
        throw new AppError('router_login_failed', `${row.name} has refused our login; set its credentials anew`);
      }
      const host = await resolveRouterAddress(row.address, row.apiPort, deps.policy);
      try {
        return await deps.dial(
          {
            host,
            port: row.apiPort,
            username: row.apiUsername,
            password: new Secret(openApiPassword(deps.secretBox, row)),
            tls: row.tls ? { fingerprint256: await pinnedFingerprint(row, host, signal) } : undefined,
          },
          { signal },
        );
      } catch (error) {
        throw explain(error, row);
      }
    },
  };

  /** Trust on first use: the first certificate a router shows is the one it must show from then on. */
  async function pinnedFingerprint(row: RouterRow, host: string, signal: AbortSignal | undefined): Promise<string> {
    if (row.tlsFingerprint !== null) return row.tlsFingerprint;
    const tlsFingerprint = await deps.probeTlsFingerprint({ host, port: row.apiPort, signal });
    return pinFirstFingerprint(deps.db, row.id, tlsFingerprint);
  }
}

export function openApiPassword(secretBox: SecretBox, row: Pick<RouterRow, 'id' | 'apiPassword'>): string {
  return secretBox.open(row.apiPassword, { table: 'router', row: row.id, column: 'api_password' });
}

function explain(error: unknown, row: RouterRow): unknown {
  if (!(error instanceof RosError)) return error;
  const at = `${row.name} (${row.address ?? ''}:${row.apiPort})`;
  switch (error.kind) {
    case 'login':
      return new AppError('router_login_failed', `${at} refused the user name or password of ${row.apiUsername}`, {
        cause: error,
      });
    case 'tls':
      return new AppError('router_unreachable', `${at}: TLS failed: ${messageOf(error)}`, { cause: error });
    case 'aborted':
      return error;
    case 'trap':
    case 'usage':
    case 'protocol':
    case 'connect':
    case 'connection-lost':
    case 'fatal':
    case 'timeout':
    case 'closed':
      return new AppError('router_unreachable', `${at} cannot be reached: ${messageOf(error)}`, { cause: error });
    default:
      return assertNever(error.kind);
  }
}
