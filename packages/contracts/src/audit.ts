import { z } from 'zod';
import { id, instant, page, pageQueryShape, searchText } from './common.js';
import { endpoint } from './endpoint.js';

const tag = 'audit';

export const auditEntry = z.object({
  id: z.string(),
  at: instant,
  /** Operator id, or `system`. */
  actor: z.string(),
  /** Of the operator as of now; null for `system`, and for who has no name any more. */
  actorName: z.string().nullable(),
  /** `<subject>.<what happened>`, for example `router.created`. */
  action: z.string(),
  subjectType: z.string(),
  subjectId: z.string(),
  requestId: z.string().nullable(),
  /** What was changed, with `before` and `after` where values were replaced; secrets print as `[redacted]`. */
  details: z.record(z.string(), z.unknown()),
});
export type AuditEntryView = z.infer<typeof auditEntry>;

const word = searchText(100).optional();

export const listAudit = endpoint({
  method: 'get',
  path: '/audit',
  tag,
  summary: 'Who changed what, newest first',
  allow: 'audit:read',
  query: z.strictObject({
    ...pageQueryShape,
    actor: z.union([id, z.literal('system')]).optional(),
    /** The whole action, or its subject with a dot: `router.` finds all that happened to routers. */
    action: word,
    subjectType: word,
    subjectId: word,
    from: instant.optional(),
    to: instant.optional(),
  }),
  response: page(auditEntry),
});

export const verifyAudit = endpoint({
  method: 'get',
  path: '/audit/verify',
  tag,
  summary:
    'Recompute the hash chain of the audit trail from its first entry, or on from `cursor`; a call checks for some seconds and says where to go on. Keep `head` elsewhere: entries cut off at the end show only against it',
  allow: 'audit:read',
  query: z.strictObject({
    cursor: z
      .string()
      .regex(/^\d{1,18}$/, 'must be the nextCursor of the call before')
      .optional(),
  }),
  response: z.object({
    /** Entries that this call looked at. */
    checked: z.number().int(),
    intact: z.boolean(),
    /** The first entry that does not fit, and why. */
    firstBroken: z.object({ id: z.string(), reason: z.string() }).nullable(),
    /** Hash of the newest entry that fits. */
    head: z.string(),
    /** Null: the chain is checked to its end, or broken. */
    nextCursor: z.string().nullable(),
  }),
});
