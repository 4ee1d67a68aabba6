import type { AuditEntryView } from '@turnpike/contracts/audit.js';
import type { AuditRow } from './audit.store.js';

/** `names`: of operators by id. */
export function toAuditView(row: AuditRow, names: ReadonlyMap<string, string>): AuditEntryView {
  return {
    id: row.id.toString(),
    at: row.at.toISOString(),
    actor: row.actor,
    actorName: names.get(row.actor) ?? null,
    action: row.action,
    subjectType: row.subjectType,
    subjectId: row.subjectId,
    requestId: row.requestId,
    details: typeof row.details === 'object' && row.details !== null ? { ...row.details } : {},
  };
}
