import { z } from 'zod';
import { displayName, id, idParams, instant, octets, page, pageQueryShape } from './common.js';
import { endpoint } from './endpoint.js';
import {
  countableOctets,
  fairUseStep,
  fairUseSteps,
  kbps,
  scheduleWindow,
  scheduleWindows,
  timeZone,
} from './package-terms.js';

const tag = 'packages';

export const serviceTypes = ['hotspot', 'pppoe'] as const;

/** What a package gives, and what an entitlement keeps of it, however the package is changed afterwards. */
export const soldTerms = z.object({
  type: z.enum(serviceTypes),
  downKbps: z.number().int(),
  upKbps: z.number().int(),
  quotaOctets: octets.nullable(),
  devices: z.number().int(),
  /** Time online, summed over sessions; null: as long as it is valid. */
  onlineSeconds: z.number().int().nullable(),
  schedule: z.array(scheduleWindow).nullable(),
  timeZone: z.string(),
  fairUse: z.array(fairUseStep).nullable(),
  sites: z.array(z.string()),
  routerIds: z.array(id),
  macLogin: z.boolean(),
});
export type SoldTerms = z.infer<typeof soldTerms>;

export const salesPackage = soldTerms.extend({
  id,
  name: z.string(),
  /** Minor units (cents). */
  priceMinor: z.number().int(),
  currency: z.string(),
  validForSeconds: z.number().int(),
  active: z.boolean(),
  createdAt: instant,
});
export type PackageView = z.infer<typeof salesPackage>;

const devices = z.number().int().min(1).max(100);

/** Terms that a package need not have; null is none. */
const optionalTerms = {
  /** Data cap in bytes, both directions together. */
  quotaOctets: countableOctets.nullish(),
  /** Time online in seconds, summed over sessions. */
  onlineSeconds: z.number().int().min(1, 'must be at least 1; leave it out for no limit').max(315_360_000).nullish(),
  /** When it may be used, by the wall clock of `timeZone`; null: always. */
  schedule: scheduleWindows.nullish(),
  timeZone: timeZone.optional(),
  /** Slower rates after so much data, by more and more bytes. */
  fairUse: fairUseSteps.nullish(),
  /** Sites and routers where it is valid; without any it is valid everywhere. */
  sites: z.array(displayName).max(100, 'must be at most 100 sites').optional(),
  routerIds: z.array(id).max(100, 'must be at most 100 routers; name a site instead').optional(),
  /** Known devices of the customer are let in by their MAC address alone. */
  macLogin: z.boolean().optional(),
};

export const packageBody = z.strictObject({
  name: displayName,
  type: z.enum(serviceTypes),
  priceMinor: z.number().int().min(0).max(1_000_000_000),
  currency: z.string().regex(/^[A-Z]{3}$/, 'must be an ISO 4217 code such as KES'),
  validForSeconds: z.number().int().min(1).max(315_360_000),
  downKbps: kbps,
  upKbps: kbps,
  ...optionalTerms,
  devices: devices.default(1),
});
export type PackageBody = z.infer<typeof packageBody>;

export const listPackages = endpoint({
  method: 'get',
  path: '/packages',
  tag,
  summary: 'List packages',
  allow: 'packages:read',
  query: z.strictObject({ ...pageQueryShape, active: z.stringbool().optional() }),
  response: page(salesPackage),
});

export const createPackage = endpoint({
  method: 'post',
  path: '/packages',
  tag,
  summary: 'Add a package',
  allow: 'packages:write',
  body: packageBody,
  status: 201,
  response: salesPackage,
});

export const getPackage = endpoint({
  method: 'get',
  path: '/packages/{id}',
  tag,
  summary: 'One package',
  allow: 'packages:read',
  params: idParams,
  response: salesPackage,
});

export const updatePackage = endpoint({
  method: 'patch',
  path: '/packages/{id}',
  tag,
  summary: 'Change a package; what was sold before keeps its terms',
  allow: 'packages:write',
  params: idParams,
  body: packageBody
    .omit({ type: true })
    .partial()
    .extend({ devices: devices.optional(), active: z.boolean().optional() }),
  response: salesPackage,
});

export const deletePackage = endpoint({
  method: 'delete',
  path: '/packages/{id}',
  tag,
  summary: 'Delete a package that was never sold; 409 when it was (deactivate it instead)',
  allow: 'packages:write',
  params: idParams,
  status: 204,
  response: z.null(),
});
