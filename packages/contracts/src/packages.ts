import { z } from 'zod';
import { displayName, id, idParams, instant, octets, page, pageQueryShape } from './common.js';
import { endpoint } from './endpoint.js';

const tag = 'packages';

export const serviceTypes = ['hotspot', 'pppoe'] as const;

const kbps = z.number().int().min(1).max(10_000_000);

/** Also asked about text that was refused already. */
function isCountable(digits: string): boolean {
  return /^\d+$/.test(digits) && BigInt(digits) > 0n && BigInt(digits) < 2n ** 63n;
}

export const salesPackage = z.object({
  id,
  name: z.string(),
  type: z.enum(serviceTypes),
  /** Minor units (cents). */
  priceMinor: z.number().int(),
  currency: z.string(),
  validForSeconds: z.number().int(),
  downKbps: z.number().int(),
  upKbps: z.number().int(),
  quotaOctets: octets.nullable(),
  devices: z.number().int(),
  active: z.boolean(),
  createdAt: instant,
});
export type PackageView = z.infer<typeof salesPackage>;

export const packageBody = z.strictObject({
  name: displayName,
  type: z.enum(serviceTypes),
  priceMinor: z.number().int().min(0).max(1_000_000_000),
  currency: z.string().regex(/^[A-Z]{3}$/, 'must be an ISO 4217 code such as KES'),
  validForSeconds: z.number().int().min(1).max(315_360_000),
  downKbps: kbps,
  upKbps: kbps,
  /** Data cap in bytes, both directions together. */
  quotaOctets: z
    .union([octets, z.number().int().positive().max(Number.MAX_SAFE_INTEGER).transform(String)])
    .refine(isCountable, 'must be between 1 and 2^63 - 1')
    .optional(),
  devices: z.number().int().min(1).max(100).default(1),
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
    .omit({ type: true, devices: true, quotaOctets: true })
    .partial()
    .extend({
      devices: z.number().int().min(1).max(100).optional(),
      quotaOctets: packageBody.shape.quotaOctets.nullable(),
      active: z.boolean().optional(),
    }),
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
