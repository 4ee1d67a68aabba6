import { z } from 'zod';
import {
  displayName,
  id,
  idParams,
  instant,
  octets,
  page,
  pageQueryShape,
  searchText,
  isStorable,
  NOT_STORABLE,
} from './common.js';
import { endpoint } from './endpoint.js';

const tag = 'routers';

export const routerStatuses = ['pending', 'online', 'offline'] as const;
export const deploymentStates = [
  'not_started',
  'planned',
  'deploying',
  'verifying',
  'active',
  'failed',
  'waiting_for_operator',
  'drifted',
] as const;

/** An IPv4 address or a host name; whether it may be dialled is decided when it is dialled. */
const address = z
  .string()
  .trim()
  .max(253)
  .regex(/^[A-Za-z0-9]([A-Za-z0-9.:-]*[A-Za-z0-9])?$/, 'must be an IP address or a host name');
const port = z.number().int().min(1).max(65_535);
const credential = z.string().max(128).refine(isStorable, NOT_STORABLE);
const fingerprint = z
  .string()
  .regex(/^([0-9A-Fa-f]{2}:){31}[0-9A-Fa-f]{2}$/, 'must be a SHA-256 fingerprint, 32 hex pairs joined by colons')
  .toUpperCase();

export const messageAuthenticatorPolicies = ['required', 'optional', 'learned'] as const;
export const radiusStates = ['silent', 'ok', 'secret_mismatch', 'throttled'] as const;

/** Packets a second taken from a router by each RADIUS process. */
const rateLimit = z.number().int().min(0).max(1_000_000);

export const routerRadius = z.object({
  /** Newest RADIUS request that was understood. */
  lastRequestAt: instant.nullable(),
  /** `secret_mismatch`: its newest packet was made with another secret than ours; nobody can log in there. */
  state: z.enum(radiusStates),
  /** While two secrets are valid. */
  rotation: z.object({ since: instant, previousStillUsed: z.boolean() }).nullable(),
});
export type RouterRadius = z.infer<typeof routerRadius>;

/** Of the last contact that succeeded; `loadReadAt` says how old it is. Null where the router does not say. */
const routerLoad = {
  loadReadAt: instant.nullable(),
  /** Percent. */
  cpuLoad: z.number().int().nullable(),
  /** Bytes. */
  memoryFree: octets.nullable(),
  memoryTotal: octets.nullable(),
  diskFree: octets.nullable(),
  diskTotal: octets.nullable(),
};
export type RouterLoad = z.infer<z.ZodObject<typeof routerLoad>>;

export const router = z.object({
  id,
  name: z.string(),
  /** Where it stands; packages may be limited to sites. */
  site: z.string().nullable(),
  status: z.enum(routerStatuses),
  deployment: z.enum(deploymentStates),
  address: z.string().nullable(),
  apiPort: z.number().int(),
  apiUsername: z.string(),
  tls: z.boolean(),
  tlsFingerprint: z.string().nullable(),
  nasAddress: z.string().nullable(),
  version: z.string().nullable(),
  model: z.string().nullable(),
  lastSeenAt: instant.nullable(),
  radius: routerRadius,
  /** Sessions that are online on it now. */
  usersOnline: z.number().int(),
  ...routerLoad,
  createdAt: instant,
});
export type RouterView = z.infer<typeof router>;

export const routerDetails = router.extend({
  nasIdentifier: z.string().nullable(),
  messageAuthenticator: z.enum(messageAuthenticatorPolicies),
  /** Packets a second, bursts of twice as many; null: the server's default, 0: no limit. */
  radiusRateLimit: z.number().int().nullable(),
  serial: z.string().nullable(),
  identity: z.string().nullable(),
  lastCheckedAt: instant.nullable(),
  lastError: z.string().nullable(),
  deployedServices: z.array(z.unknown()).nullable(),
  openSessions: z.number().int(),
  updatedAt: instant,
});
export type RouterDetailsView = z.infer<typeof routerDetails>;

export const routerStatus = z.object({
  id,
  status: z.enum(routerStatuses),
  lastSeenAt: instant.nullable(),
  lastCheckedAt: instant.nullable(),
  version: z.string().nullable(),
  model: z.string().nullable(),
  lastError: z.string().nullable(),
});
export type RouterStatusView = z.infer<typeof routerStatus>;

export const createRouterBody = z.strictObject({
  name: displayName,
  /** Absent: the router waits for its bootstrap script to call home. */
  address: address.optional(),
  /** Default 8728, or 8729 with TLS. */
  apiPort: port.optional(),
  apiUsername: credential.min(1).optional(),
  apiPassword: credential.optional(),
  tls: z.boolean().optional(),
  tlsFingerprint: fingerprint.optional(),
  /** Source address of the router's RADIUS packets. */
  nasAddress: z.ipv4().optional(),
  site: displayName.optional(),
  /** `learned`: optional until the router's first signed request, required from then on. Default required. */
  messageAuthenticator: z.enum(messageAuthenticatorPolicies).optional(),
  /** RADIUS packets a second, bursts of twice as many. Absent: the server's default, 0: no limit. */
  radiusRateLimit: rateLimit.optional(),
});
export type CreateRouterBody = z.infer<typeof createRouterBody>;

export const listRouters = endpoint({
  method: 'get',
  path: '/routers',
  tag,
  summary: 'List routers',
  allow: 'routers:read',
  scope: 'site',
  query: z.strictObject({
    ...pageQueryShape,
    status: z.enum(routerStatuses).optional(),
    deployment: z.enum(deploymentStates).optional(),
    /** Part of the name. */
    q: searchText(80).optional(),
    /** The whole name of the site. */
    site: searchText(80).optional(),
    /** How the RouterOS version begins: `7` for all of it, `7.18` for 7.18 and 7.18.1. */
    version: z
      .string()
      .regex(/^\d{1,2}(\.\d{1,3}){0,2}$/, 'must be a version or its beginning, such as 7 or 7.18')
      .optional(),
    sort: z.enum(['newest', 'name']).default('newest'),
  }),
  response: page(router),
});

export const createRouter = endpoint({
  method: 'post',
  path: '/routers',
  tag,
  summary: 'Add a router; the answer holds the script to paste on it',
  allow: 'routers:write',
  scope: 'site',
  body: createRouterBody,
  status: 201,
  response: router.extend({ bootstrapScript: z.string() }),
});

export const getRouter = endpoint({
  method: 'get',
  path: '/routers/{id}',
  tag,
  summary: 'One router, as stored',
  allow: 'routers:read',
  scope: 'site',
  siteOf: 'router',
  params: idParams,
  response: routerDetails,
});

export const updateRouter = endpoint({
  method: 'patch',
  path: '/routers/{id}',
  tag,
  summary: 'Change a router; new credentials or a new address make it dialled again at once',
  allow: 'routers:write',
  scope: 'site',
  siteOf: 'router',
  params: idParams,
  body: createRouterBody.partial().extend({
    tlsFingerprint: fingerprint.nullable().optional(),
    nasAddress: z.ipv4().nullable().optional(),
    site: displayName.nullable().optional(),
    radiusRateLimit: rateLimit.nullable().optional(),
  }),
  response: routerDetails,
});

export const rotateRadiusSecret = endpoint({
  method: 'post',
  path: '/routers/{id}/rotate-radius-secret',
  tag,
  summary:
    'Give a router a new RADIUS secret; the old one stays valid until the new one is in use and it is not. 409 while one is under way',
  allow: 'routers:write',
  scope: 'site',
  siteOf: 'router',
  stepUp: true,
  params: idParams,
  /** `force`: rotate although one rotation is under way; the secret that the router uses stays valid. */
  body: z.strictObject({ force: z.boolean().default(false) }),
  status: 202,
  response: z.object({
    /** The run that gives the router its new secret; null when we cannot, and `script` has to be pasted instead. */
    runId: id.nullable(),
    /** A line for the router's terminal; shown this once. */
    script: z.string().nullable(),
  }),
});

export const deleteRouter = endpoint({
  method: 'delete',
  path: '/routers/{id}',
  tag,
  summary: 'Forget a router; nothing is changed on the router itself. 409 while a run holds it',
  allow: 'routers:write',
  scope: 'site',
  siteOf: 'router',
  stepUp: true,
  params: idParams,
  status: 204,
  response: z.null(),
});

export const getRouterStatus = endpoint({
  method: 'get',
  path: '/routers/{id}/status',
  tag,
  summary: 'Reachability as last seen by the poller; never dials the router',
  allow: 'routers:read',
  scope: 'site',
  siteOf: 'router',
  params: idParams,
  response: routerStatus,
});

export const getRouterBootstrapScript = endpoint({
  method: 'get',
  path: '/routers/{id}/bootstrap-script',
  tag,
  summary: 'The script to paste on this router; it reports home once, while the router has no address',
  allow: 'routers:write',
  scope: 'site',
  siteOf: 'router',
  params: idParams,
  response: z.object({ bootstrapScript: z.string() }),
});

export const callHome = endpoint({
  method: 'post',
  path: '/bootstrap/{token}',
  tag,
  summary: 'Called once by the bootstrap script on the router: its source address becomes the address we dial',
  allow: 'public',
  params: z.strictObject({ token: z.string().min(20).max(100) }),
  status: 204,
  response: z.null(),
});

const interfaceRow = z.object({
  name: z.string(),
  type: z.string(),
  running: z.boolean(),
  disabled: z.boolean(),
  /** The bridge it is a port of. */
  bridge: z.string().nullable(),
  /** True: our own management session comes in here, so no service may be put on it. */
  management: z.boolean(),
});

export const getRouterInterfaces = endpoint({
  method: 'get',
  path: '/routers/{id}/interfaces',
  tag,
  summary: 'Interfaces, read from the router now',
  allow: 'routers:read',
  scope: 'site',
  siteOf: 'router',
  params: idParams,
  response: z.object({ items: z.array(interfaceRow) }),
});

export const getRouterDetails = endpoint({
  method: 'get',
  path: '/routers/{id}/details',
  tag,
  summary: 'Board, version, load and services, read from the router now',
  allow: 'routers:read',
  scope: 'site',
  siteOf: 'router',
  params: idParams,
  response: z.object({
    identity: z.string(),
    version: z.string(),
    model: z.string(),
    serial: z.string().nullable(),
    architecture: z.string(),
    uptimeSeconds: z.number(),
    cpuLoadPercent: z.number().nullable(),
    freeMemoryBytes: octets64(),
    totalMemoryBytes: octets64(),
    freeDiskBytes: octets64(),
    totalDiskBytes: octets64(),
    deviceMode: z.record(z.string(), z.string()).nullable(),
    hotspots: z.number().int(),
    hotspotActive: z.number().int(),
  }),
});

export const interfaceTraffic = z.object({
  name: z.string(),
  running: z.boolean(),
  /** Since the interface came up. */
  rxBytes: octets64(),
  txBytes: octets64(),
  /** Bits a second, just now; null: the router does not say. */
  rxBps: z.number().nullable(),
  txBps: z.number().nullable(),
});

export const getRouterTraffic = endpoint({
  method: 'get',
  path: '/routers/{id}/traffic',
  tag,
  summary: 'Counters and rates of all interfaces, read from the router now',
  allow: 'routers:read',
  scope: 'site',
  siteOf: 'router',
  params: idParams,
  response: z.object({ at: instant, interfaces: z.array(interfaceTraffic) }),
});

export const verifyConnectivity = endpoint({
  method: 'get',
  path: '/routers/{id}/verify-connectivity',
  tag,
  summary: 'Dial the router now and say how far we get',
  allow: 'routers:read',
  scope: 'site',
  siteOf: 'router',
  params: idParams,
  response: z.object({
    reachable: z.boolean(),
    steps: z.array(
      z.object({
        step: z.enum(['address', 'connect', 'login', 'read']),
        ok: z.boolean(),
        ms: z.number(),
        detail: z.string(),
      }),
    ),
    tlsFingerprint: z.string().nullable(),
  }),
});

function octets64() {
  return z.string();
}
