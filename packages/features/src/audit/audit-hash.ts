import { createHash } from 'node:crypto';

/** What the first entry points back to. */
export const GENESIS = '0'.repeat(64);

/** Everything an entry says, in the form that is hashed. */
export interface AuditContent {
  readonly id: bigint;
  readonly at: Date;
  readonly actor: string;
  readonly action: string;
  readonly subjectType: string;
  readonly subjectId: string;
  readonly requestId: string | null;
  readonly details: unknown;
}

/** SHA-256 (hex) over the hash of the entry before and the canonical text of this one. */
export function auditHash(previous: string, content: AuditContent): string {
  const text = canonicalJson([
    content.id.toString(),
    content.at.toISOString(),
    content.actor,
    content.action,
    content.subjectType,
    content.subjectId,
    content.requestId,
    content.details,
  ]);
  return createHash('sha256').update(previous).update('\n').update(text).digest('hex');
}

/** JSON with the keys of every object in order: jsonb does not keep the order in which they were written. */
export function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_key, inner: unknown) => (isPlainObject(inner) ? sorted(inner) : inner));
}

function isPlainObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function sorted(object: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(object).sort(([a], [b]) => (a < b ? -1 : 1)));
}
