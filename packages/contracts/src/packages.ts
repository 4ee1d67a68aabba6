import { z } from 'zod';
import {
  displayName,
  id,
  idParams,
  instant,
  isStorable,
  NOT_STORABLE,
  octets,
  page,
  pageQueryShape,
  searchText,
} from './common.js';
import { endpoint } from './endpoint.js';
import {
  burst,
  countableOctets,
  fairUseStep,
  fairUseSteps,
  kbps,
  newBurst,
  scheduleWindow,
  scheduleWindows,
  timeZone,
} from './package-terms.js';

const tag = 'packages';

export const serviceTypes = ['hotspot', 'pppoe'] as const;

/** When the time a package is valid for begins. */
export const validFroms = ['purchase', 'first_login'] as const;
export type ValidFrom = (typeof validFroms)[number];

/**
 * What buying again does. `extend`: adds to the one of the same package that runs. `queue`: begins when what runs of the same
 * kind of service is over. `upgrade`: takes the place of what runs, and adds what is left of it as time in proportion to the
 * prices. `stack`: runs beside it.
 */
export const onRepeats = ['extend', 'queue', 'upgrade', 'stack'] as const;
export type OnRepeat = (typeof onRepeats)[number];

/** Who is offered a package. `public`: everybody. `agents`: agents and operators sell it. `hidden`: only operators. */
export const visibilities = ['public', 'agents', 'hidden'] as const;
export type Visibility = (typeof visibilities)[number];

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
  /** Faster for a while; the slower rates of fair use have none. What was sold before there were bursts says nothing of it. */
  burst: burst.nullable().default(null),
});
export type SoldTerms = z.infer<typeof soldTerms>;

export const salesPackage = soldTerms.extend({
  id,
  name: z.string(),
  /** Minor units (cents). */
  priceMinor: z.number().int(),
  currency: z.string(),
  validForSeconds: z.number().int(),
  validFrom: z.enum(validFroms),
  onRepeat: z.enum(onRepeats),
  visibility: z.enum(visibilities),
  /** For customers, in words. */
  description: z.string(),
  active: z.boolean(),
  /** Since when it is out of use for good; what was sold of it goes on. */
  archivedAt: instant.nullable(),
  createdAt: instant,
});
export type PackageView = z.infer<typeof salesPackage>;

/** How a package sells; null for who may not see payments, or sees only some sites. At most a minute old. */
export const packageSales = z
  .object({
    /** Paid for and not given back, or redeemed with a voucher, in the last 30 days. */
    last30Days: z.number().int(),
    /** In force now. */
    activeNow: z.number().int(),
  })
  .nullable();
export type PackageSales = z.infer<typeof packageSales>;

/** As it is read. */
export const soldPackage = salesPackage.extend({ sold: packageSales });
export type SoldPackageView = z.infer<typeof soldPackage>;

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
  /** Faster for a while, as long as the average over `seconds` is below the thresholds; null: none. */
  burst: newBurst.nullish(),
  validFrom: z.enum(validFroms).optional(),
  onRepeat: z.enum(onRepeats).optional(),
  visibility: z.enum(visibilities).optional(),
  description: z
    .string()
    .trim()
    .max(1_000, 'must be at most 1000 characters')
    .refine((text) => isStorable(text.replaceAll('\n', ' ')), NOT_STORABLE)
    .optional(),
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
  summary: 'List packages; archived ones only with archived=true',
  allow: 'packages:read',
  scope: 'site',
  query: z.strictObject({
    ...pageQueryShape,
    active: z.stringbool().optional(),
    archived: z.stringbool().optional(),
    visibility: z.enum(visibilities).optional(),
    /** Part of the name or the description. */
    q: searchText(80).optional(),
  }),
  response: page(soldPackage),
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
  scope: 'site',
  siteOf: 'package',
  params: idParams,
  response: soldPackage,
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
  summary: 'Delete a package that was never sold; 409 when it was (archive it instead)',
  allow: 'packages:write',
  params: idParams,
  status: 204,
  response: z.null(),
});

export const duplicatePackage = endpoint({
  method: 'post',
  path: '/packages/{id}/duplicate',
  tag,
  summary: 'Add a package with the same terms, not on sale yet; without a name it is called a copy',
  allow: 'packages:write',
  params: idParams,
  body: z.strictObject({ name: displayName.optional() }),
  status: 201,
  response: salesPackage,
});

const movedPackage = {
  method: 'post',
  tag,
  allow: 'packages:write',
  params: idParams,
  response: salesPackage,
} as const;

export const activatePackage = endpoint({
  ...movedPackage,
  path: '/packages/{id}/activate',
  summary: 'Put a package on sale',
});

export const deactivatePackage = endpoint({
  ...movedPackage,
  path: '/packages/{id}/deactivate',
  summary: 'Take a package off sale; what was sold goes on, vouchers are still redeemed',
});

export const archivePackage = endpoint({
  ...movedPackage,
  path: '/packages/{id}/archive',
  summary: 'Take a package out of use for good and out of the lists; what was sold goes on',
});

const previewLine = z.object({
  /** As in the RADIUS dictionaries. */
  name: z.string(),
  value: z.string(),
  /** What it means, for people. */
  words: z.string(),
});
export type RadiusPreviewLine = z.infer<typeof previewLine>;

export const previewPackage = endpoint({
  method: 'get',
  path: '/packages/{id}/radius-preview',
  tag,
  summary: 'What the first Access-Accept on this package would tell the router, and the rates of its fair use',
  allow: 'packages:read',
  scope: 'site',
  siteOf: 'package',
  params: idParams,
  response: z.object({
    attributes: z.array(previewLine),
    /** By CoA, once so many bytes are used. */
    fairUse: z.array(previewLine.extend({ afterOctets: octets })),
    /** What the router is not told but decides who is let in. */
    conditions: z.array(z.string()),
  }),
});
export type RadiusPreview = z.infer<typeof previewPackage.response>;
