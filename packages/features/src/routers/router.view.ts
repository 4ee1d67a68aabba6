import type { RouterDetailsView, RouterStatusView, RouterView } from '@turnpike/contracts/routers.js';
import { radiusOf } from '../nas/nas-state.js';
import { loadView } from './router-load.js';
import type { RouterRow, WatchedRouterRow } from './router.store.js';

export function routerView(row: WatchedRouterRow, usersOnline: number, now: Date): RouterView {
  return {
    id: row.id,
    name: row.name,
    site: row.site,
    status: row.status,
    deployment: row.deployment,
    address: row.address,
    apiPort: row.apiPort,
    apiUsername: row.apiUsername,
    tls: row.tls,
    tlsFingerprint: row.tlsFingerprint,
    nasAddress: row.nasAddress,
    version: row.version,
    model: row.model,
    lastSeenAt: row.lastSeenAt?.toISOString() ?? null,
    radius: radiusOf(
      {
        activity: row.nasActivity,
        secretRotatedAt: row.secretRotatedAt,
        rotating: row.previousRadiusSecret !== null,
      },
      now,
    ),
    usersOnline,
    ...loadView(row),
    createdAt: row.createdAt.toISOString(),
  };
}

export function routerDetailsView(row: WatchedRouterRow, openSessions: number, now: Date): RouterDetailsView {
  return {
    ...routerView(row, openSessions, now),
    nasIdentifier: row.nasIdentifier,
    messageAuthenticator: row.messageAuthenticator,
    radiusRateLimit: row.radiusRateLimit,
    serial: row.serial,
    identity: row.identity,
    lastCheckedAt: row.lastCheckedAt?.toISOString() ?? null,
    lastError: row.lastError,
    deployedServices: Array.isArray(row.deployedServices) ? row.deployedServices : null,
    openSessions,
    updatedAt: row.updatedAt.toISOString(),
  };
}

export function routerStatusView(row: RouterRow): RouterStatusView {
  return {
    id: row.id,
    status: row.status,
    lastSeenAt: row.lastSeenAt?.toISOString() ?? null,
    lastCheckedAt: row.lastCheckedAt?.toISOString() ?? null,
    version: row.version,
    model: row.model,
    lastError: row.lastError,
  };
}
