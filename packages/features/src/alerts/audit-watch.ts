import type { Db } from '@turnpike/db/database.js';
import { z } from 'zod';
import { walkAuditChain } from '../audit/audit.store.js';
import type { AlertMemory } from './alert-memory.js';

const place = z.object({ after: z.string().nullable(), broken: z.string().nullable() });

/**
 * A walk along the audit trail that begins again at its end, a thousand entries a call, so that it is proven whole every few
 * hours and no call takes long. Gives the entry that was last found broken; undefined: none since the walk before this one.
 */
export function createAuditWatch({ db, memory }: { db: Db; memory: AlertMemory }): () => Promise<string | undefined> {
  return async () => {
    const known = (await memory.read('audit', place)) ?? { after: null, broken: null };
    const after = known.after === null ? undefined : BigInt(known.after);
    const walk = await walkAuditChain(db, { after, mayGoOn: () => false });
    const isWhole = walk.broken === undefined && walk.next === undefined;
    // At the end of a walk without a fault an old one has been put right.
    const broken = walk.broken?.entryId ?? (isWhole ? null : known.broken);
    await memory.write('audit', { after: walk.next?.toString() ?? null, broken });
    return broken ?? undefined;
  };
}
