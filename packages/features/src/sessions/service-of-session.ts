import { Prisma } from '@turnpike/db/generated/client.js';

/**
 * What the entitlement of session `s` is for; null: nothing was bought. It is looked up only for what was opened by a release
 * that did not write it into the session: filling these in would rewrite every session there ever was.
 */
export const SERVICE_OF_SESSION = Prisma.sql`coalesce(s.service, (SELECT type FROM entitlement WHERE id = s.entitlement_id))`;
