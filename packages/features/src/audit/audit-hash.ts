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

/** SHA-256 (hex) over the hash of the entry before, id, time and content of this one: what `append_audit` computes. */
export function auditHash(previous: string, content: AuditContent): string {
  const text = [previous, content.id.toString(), content.at.toISOString(), canonicalContent(content)].join('\n');
  return createHash('sha256').update(text).digest('hex');
}

/** What an entry says, apart from its place in the chain, as one text. */
export function canonicalContent(content: Omit<AuditContent, 'id' | 'at'>): string {
  const { actor, action, subjectType, subjectId, requestId, details } = content;
  return canonicalJson([actor, action, subjectType, subjectId, requestId, details]);
}

/** JSON with the keys of every object in order: jsonb does not keep the order in which they were written. */
function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_key, inner: unknown) => (isPlainObject(inner) ? sorted(inner) : inner));
}

function isPlainObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function sorted(object: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(object).sort(([a], [b]) => (a < b ? -1 : 1)));
}
