import { alertKindOf, alertKinds, alertSubjects, type AlertSubject } from '@turnpike/contracts/alert-kinds.js';
import type { AlertRuleView, AlertState, AlertView } from '@turnpike/contracts/alerts.js';
import { alertTitle, type AlertFacts } from '@turnpike/contracts/alert-titles.js';
import { z } from 'zod';
import { maskEmail } from '../customers/phone-view.js';
import { maskMsisdn } from '@turnpike/core/msisdn.js';
import type { AlertRule } from './alert-rule.js';
import type { AlertRow } from './alert.store.js';

const storedParams = z.record(z.string(), z.union([z.string(), z.number()])).catch({});

/** Undefined: of a kind that this version does not know. */
export function factsOf({ kind: text, value, params }: AlertRow): AlertFacts | undefined {
  const kind = alertKindOf(text);
  return kind === undefined ? undefined : { kind, value, params: storedParams.parse(params) };
}

export function stateOf({ resolvedAt, acknowledgedAt }: AlertRow): AlertState {
  if (resolvedAt !== null) return 'resolved';
  return acknowledgedAt === null ? 'open' : 'acknowledged';
}

/** `names`: of operators by id. */
export function alertView(row: AlertRow, names: ReadonlyMap<string, string>): AlertView | undefined {
  const facts = factsOf(row);
  if (facts === undefined) return undefined;
  const { severity, unit } = alertKinds[facts.kind];
  const by = row.acknowledgedBy;
  return {
    id: row.id,
    kind: facts.kind,
    severity,
    state: stateOf(row),
    subject: { kind: subjectOf(row.subjectKind), id: row.subjectId, name: String(facts.params['name'] ?? '') },
    title: alertTitle(facts, 'en'),
    params: { ...facts.params },
    unit,
    value: row.value,
    threshold: row.threshold,
    openedAt: (row.openedAt ?? row.firstSeenAt).toISOString(),
    lastSeenAt: row.lastSeenAt.toISOString(),
    resolvedAt: row.resolvedAt?.toISOString() ?? null,
    acknowledgedAt: row.acknowledgedAt?.toISOString() ?? null,
    acknowledgedBy: by === null ? null : { id: by, name: names.get(by) ?? by },
    note: row.note,
    toldAt: row.openingToldAt?.toISOString() ?? null,
  };
}

/** `whole`: with the addresses as they are, for who may change them. */
export function alertRuleView(rule: AlertRule, { whole }: { whole: boolean }): AlertRuleView {
  const { severity, unit, least, most } = alertKinds[rule.kind];
  const { quietFrom, quietTo } = rule;
  return {
    kind: rule.kind,
    severity,
    unit,
    enabled: rule.enabled,
    threshold: rule.threshold,
    least,
    most,
    clearMinutes: rule.clearMinutes,
    notify: {
      owners: rule.tellOwners,
      emails: rule.emails.map((email) => (whole ? email : maskEmail(email))),
      msisdns: rule.msisdns.map((msisdn) => (whole ? msisdn : maskMsisdn(msisdn))),
      language: rule.language,
      quiet: quietFrom === null || quietTo === null ? null : { from: quietFrom, to: quietTo },
    },
    changed: rule.changed,
  };
}

function subjectOf(text: string): AlertSubject {
  return alertSubjects.find((subject) => subject === text) ?? 'system';
}
