import { soldTerms, type PackageBody, type SoldTerms } from '@turnpike/contracts/packages.js';
import type { Entitlement } from '@turnpike/db/generated/client.js';
import { jsonColumn } from '@turnpike/db/json-column.js';

/** The columns that packages and entitlements have in common. */
export type TermColumns = Pick<Entitlement, keyof SoldTerms>;

/** The terms of a package or an entitlement, 64-bit counts as digits, fit for JSON. */
export function termsOf(row: TermColumns): SoldTerms {
  // Parsed because of the JSON columns, whose rows say nothing of their shape; what else the row has is left away.
  return soldTerms.parse({
    ...row,
    quotaOctets: row.quotaOctets?.toString() ?? null,
    onlineSeconds: row.onlineSeconds === null ? null : Number(row.onlineSeconds),
  });
}

type GivenTerms = Pick<PackageBody, 'quotaOctets' | 'onlineSeconds' | 'schedule' | 'fairUse' | 'burst'>;

/** What is stored of terms that may be null; those not given are left as they are. */
export function termColumns<Terms extends GivenTerms>({
  quotaOctets,
  onlineSeconds,
  schedule,
  fairUse,
  burst,
  ...plain
}: Terms) {
  return {
    ...plain,
    ...(quotaOctets === undefined ? {} : { quotaOctets: quotaOctets === null ? null : BigInt(quotaOctets) }),
    ...(onlineSeconds === undefined ? {} : { onlineSeconds }),
    ...(schedule === undefined ? {} : { schedule: jsonColumn(schedule) }),
    ...(fairUse === undefined ? {} : { fairUse: jsonColumn(fairUse) }),
    ...(burst === undefined ? {} : { burst: jsonColumn(burst) }),
  };
}
