import { invalidField } from '@turnpike/core/app-error.js';

/**
 * Who is limited to sites may put a router only at one of them, or it would be out of reach at once. `site`: as asked
 * for. Throws `validation_failed`.
 */
export function refuseForeignSite(sites: readonly string[] | null, site: string | null | undefined): void {
  if (sites === null || (typeof site === 'string' && sites.includes(site))) return;
  throw invalidField('site', `must be one of your sites: ${sites.join(', ')}`);
}
