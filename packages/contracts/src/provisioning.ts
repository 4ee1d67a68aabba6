import { z } from 'zod';
import { id, idParams, instant, page, pageQuery } from './common.js';
import { endpoint } from './endpoint.js';

const tag = 'provisioning';

const interfaceName = z
  .string()
  .min(1)
  .max(64)
  .regex(/^[A-Za-z0-9][A-Za-z0-9 ._-]*$/, 'must be the name of an interface');
const cidr = z
  .string()
  .regex(
    /^(\d{1,3}\.){3}\d{1,3}\/(\d|[12]\d|3[0-2])$/,
    'must be an address with prefix length, for example 10.5.50.1/23',
  );
const hostName = z
  .string()
  .toLowerCase()
  .max(253)
  .regex(/^([a-z0-9]([a-z0-9-]*[a-z0-9])?\.)+[a-z]{2,}$/, 'must be a fully qualified host name');

export const hotspotService = z.strictObject({
  type: z.literal('hotspot'),
  interfaces: z.array(interfaceName).min(1).max(48),
  /** Address of the hotspot on its bridge and the size of the client network. */
  gateway: cidr.default('10.5.50.1/23'),
  /** Name under which the router serves its login page; not below .local, which phones resolve by multicast. */
  dnsName: hostName.refine((name) => !name.endsWith('.local'), 'must not end in .local').optional(),
  /** Hosts that may be opened before login, exactly these. */
  walledGarden: z.array(hostName).max(50).default([]),
  /** Keep customers from reaching each other through the bridge. */
  clientIsolation: z.boolean().default(true),
  /** Take interfaces out of another bridge when they are in one. */
  takeInterfaces: z.boolean().default(false),
});

export const pppoeService = z.strictObject({
  type: z.literal('pppoe'),
  interfaces: z.array(interfaceName).min(1).max(48),
  serviceName: z
    .string()
    .min(1)
    .max(31)
    .regex(/^[A-Za-z0-9-]+$/, 'must be letters, digits and dashes')
    .default('turnpike'),
  /** Addresses for customers, `10.6.0.2-10.6.3.254` or a network. */
  pool: z
    .string()
    .regex(/^(\d{1,3}\.){3}\d{1,3}(\/\d{1,2}|-(\d{1,3}\.){3}\d{1,3})$/, 'must be a range a-b or a network a/n')
    .default('10.6.0.0/22'),
});

export const serviceConfig = z.discriminatedUnion('type', [hotspotService, pppoeService]);
export type ServiceConfig = z.infer<typeof serviceConfig>;
export type HotspotService = z.infer<typeof hotspotService>;
export type PppoeService = z.infer<typeof pppoeService>;

export const services = z.array(serviceConfig).min(1).max(8);
const servicesBody = z.strictObject({ services });

export const planOperation = z.object({
  op: z.enum(['add', 'set', 'remove']),
  path: z.string(),
  /** Our name for the object, stable between plans. */
  key: z.string(),
  /** Property -> new value, or `{ from, to }` for a set. Secrets print as `[redacted]`. */
  changes: z.record(z.string(), z.union([z.string(), z.object({ from: z.string().nullable(), to: z.string() })])),
});
export type PlanOperation = z.infer<typeof planOperation>;

export const planConflict = z.object({
  path: z.string(),
  key: z.string(),
  message: z.string(),
  /** What the operator can do about it. */
  remedy: z.string(),
});
export type PlanConflict = z.infer<typeof planConflict>;

export const plan = z.object({
  operations: z.array(planOperation),
  warnings: z.array(z.string()),
  conflicts: z.array(planConflict),
});
export type PlanView = z.infer<typeof plan>;

export const runStates = [
  'queued',
  'connecting',
  'preflight',
  'backup',
  'planning',
  'applying',
  'verifying',
  'succeeded',
  'failed',
  'rolling_back',
  'rolled_back',
  'rollback_failed',
  'waiting_for_operator',
  'cancelled',
] as const;
export type RunState = (typeof runStates)[number];

/** deploy: puts services in place. rollback: takes back what an earlier run changed. */
export const runKinds = ['deploy', 'rollback'] as const;

export const runError = z.object({
  code: z.string(),
  message: z.string(),
  /** Where it happened, for example `add /ip/pool tp-hs1`. */
  step: z.string().nullable(),
  /** The router's own words. */
  routerMessage: z.string().nullable(),
  remedy: z.string().nullable(),
});
export type RunError = z.infer<typeof runError>;

export const provisioningStatus = z.object({
  runId: id.nullable(),
  /** Null: nothing was started. */
  kind: z.enum(runKinds).nullable(),
  state: z.enum([...runStates, 'not_started']),
  stage: z.string().nullable(),
  percent: z.number().int().min(0).max(100),
  attempt: z.number().int(),
  writes: z.number().int(),
  startedAt: instant.nullable(),
  finishedAt: instant.nullable(),
  error: runError.nullable(),
});
export type ProvisioningStatusView = z.infer<typeof provisioningStatus>;

export const journalEntry = z.object({
  seq: z.number().int(),
  op: z.enum(['add', 'set', 'remove']),
  path: z.string(),
  key: z.string(),
  rosId: z.string().nullable(),
  changes: z.record(z.string(), z.unknown()),
  state: z.enum(['intended', 'done', 'undone']),
  at: instant,
});

export const run = provisioningStatus.omit({ runId: true, kind: true }).extend({
  id,
  routerId: id,
  kind: z.enum(runKinds),
  /** Of a rollback: the run whose changes it takes back. */
  undoesRunId: id.nullable(),
  requestedBy: z.string(),
  createdAt: instant,
  /** What a deploy puts in place; what a rollback takes back. */
  services: z.array(serviceConfig),
});
export type RunView = z.infer<typeof run>;

export const planServiceConfig = endpoint({
  method: 'post',
  path: '/routers/{id}/service-config/plan',
  tag,
  summary: 'Read the router and list exactly what a deploy would add, set and remove; changes nothing',
  allow: 'provisioning:read',
  scope: 'site',
  siteOf: 'router',
  params: idParams,
  body: servicesBody,
  response: plan,
});

export const deployServiceConfig = endpoint({
  method: 'post',
  path: '/routers/{id}/deploy-service-config',
  tag,
  summary: 'Bring the router to this service configuration; 409 while a run holds the router',
  allow: 'provisioning:deploy',
  scope: 'site',
  siteOf: 'router',
  params: idParams,
  body: servicesBody,
  status: 202,
  response: z.object({ runId: id }),
});

export const getProvisioningStatus = endpoint({
  method: 'get',
  path: '/routers/{id}/provisioning-status',
  tag,
  summary: 'The newest provisioning run: state, stage, percent, writes, error',
  allow: 'provisioning:read',
  scope: 'site',
  siteOf: 'router',
  params: idParams,
  response: provisioningStatus,
});

export const resetProvisioning = endpoint({
  method: 'post',
  path: '/routers/{id}/reset-provisioning',
  tag,
  summary: 'Clear a failed or finished deployment so that the router can be provisioned anew; 409 while a run holds it',
  allow: 'provisioning:deploy',
  scope: 'site',
  siteOf: 'router',
  params: idParams,
  response: provisioningStatus,
});

export const rollBackRouter = endpoint({
  method: 'post',
  path: '/routers/{id}/rollback',
  tag,
  summary:
    'Take back what the last successful deploy changed on the router, from its journal, and see that it is as before; ' +
    'refused where somebody has changed the same things since. 409 while a run holds the router, or with nothing to undo',
  allow: 'provisioning:deploy',
  scope: 'site',
  siteOf: 'router',
  params: idParams,
  status: 202,
  response: z.object({ runId: id }),
});

export const bulkActions = ['verify', 'reset', 'deploy'] as const;
export type BulkAction = (typeof bulkActions)[number];

/** More are asked for in several calls: a router that is away takes seconds to say so. */
export const MAX_BULK_ROUTERS = 100;

export const bulkOutcome = z.object({
  id,
  /** Null: there is no such router. */
  name: z.string().nullable(),
  /** would: it would be done (dry run). queued: a run was queued. refused: `code` and `detail` say why. */
  outcome: z.enum(['done', 'queued', 'would', 'refused']),
  runId: id.nullable(),
  code: z.string().nullable(),
  detail: z.string(),
});
export type BulkOutcome = z.infer<typeof bulkOutcome>;

export const bulkRouters = endpoint({
  method: 'post',
  path: '/routers/bulk',
  tag: 'routers',
  summary:
    'Verify, reset or deploy many routers; each is answered for by itself. `dryRun` changes nothing and says which it would be',
  allow: 'provisioning:deploy',
  scope: 'site',
  body: z.strictObject({
    ids: z.array(id).min(1).max(MAX_BULK_ROUTERS, `at most ${MAX_BULK_ROUTERS} at once: ask several times`),
    action: z.enum(bulkActions),
    /** For a deploy: the same for all of them. */
    services: services.optional(),
    dryRun: z.boolean().default(false),
  }),
  response: z.object({
    action: z.enum(bulkActions),
    dryRun: z.boolean(),
    /** Done, queued or, in a dry run, would be. */
    accepted: z.number().int(),
    refused: z.number().int(),
    /** In the order of `ids`. */
    items: z.array(bulkOutcome),
  }),
});
export type BulkAnswer = z.infer<(typeof bulkRouters)['response']>;

export const listRuns = endpoint({
  method: 'get',
  path: '/routers/{id}/runs',
  tag,
  summary: 'Provisioning runs of a router, newest first',
  allow: 'provisioning:read',
  scope: 'site',
  siteOf: 'router',
  params: idParams,
  query: pageQuery,
  response: page(run),
});

export const getRun = endpoint({
  method: 'get',
  path: '/runs/{id}',
  tag,
  summary: 'One provisioning run with its journal; a rollback shows the journal of the run it takes back',
  allow: 'provisioning:read',
  scope: 'site',
  siteOf: 'run',
  params: idParams,
  response: run.extend({ journal: z.array(journalEntry) }),
});
