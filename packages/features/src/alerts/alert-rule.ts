import { alertKindNames, alertKinds, type AlertKind } from '@turnpike/contracts/alert-kinds.js';
import { languageOf, type Language } from '@turnpike/contracts/languages.js';
import type { AlertRuleRow } from './alert-rule.store.js';

/** What holds of a kind: what operators set, else the defaults. */
export interface AlertRule {
  readonly kind: AlertKind;
  readonly enabled: boolean;
  readonly threshold: number;
  readonly clearMinutes: number;
  readonly tellOwners: boolean;
  readonly emails: readonly string[];
  /** E.164 digits. */
  readonly msisdns: readonly string[];
  readonly language: Language;
  /** `HH:MM`, both or neither. */
  readonly quietFrom: string | null;
  readonly quietTo: string | null;
  /** False: nobody has set anything. */
  readonly changed: boolean;
}

/** Owners hear of what is critical; who wants to hear more says so. */
export function defaultRule(kind: AlertKind): AlertRule {
  const { threshold, clearMinutes, severity } = alertKinds[kind];
  const nobody = { emails: [], msisdns: [], quietFrom: null, quietTo: null };
  const tellOwners = severity === 'critical';
  return { kind, enabled: true, threshold, clearMinutes, tellOwners, ...nobody, language: 'en', changed: false };
}

export function ruleOf(kind: AlertKind, row: AlertRuleRow | undefined): AlertRule {
  if (row === undefined) return defaultRule(kind);
  return { ...row, kind, language: languageOf(row.language), changed: true };
}

export function allRules(rows: readonly AlertRuleRow[]): AlertRule[] {
  return alertKindNames.map((kind) =>
    ruleOf(
      kind,
      rows.find((row) => row.kind === kind),
    ),
  );
}

/** Whether nobody is to be told now. A span that ends before it begins goes over midnight. */
export function isQuiet(
  { quietFrom: from, quietTo: to }: Pick<AlertRule, 'quietFrom' | 'quietTo'>,
  now: Date,
  timeZone: string,
): boolean {
  if (from === null || to === null) return false;
  const time = new Intl.DateTimeFormat('sv-SE', { timeZone, timeStyle: 'short' }).format(now);
  return from < to ? time >= from && time < to : time >= from || time < to;
}
