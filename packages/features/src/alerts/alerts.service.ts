import { alertKinds, type AlertKind, type AlertSeverity } from '@turnpike/contracts/alert-kinds.js';
import type { AlertRuleView, AlertState, AlertView } from '@turnpike/contracts/alerts.js';
import { AppError, invalidField } from '@turnpike/core/app-error.js';
import type { Clock } from '@turnpike/core/clock.js';
import { parseMsisdn } from '@turnpike/core/msisdn.js';
import { cursorId, toPage, type Page, type PageQuery } from '@turnpike/core/page.js';
import type { Database } from '@turnpike/db/database.js';
import { mayActor, type Actor } from '@turnpike/runtime/http/actor.js';
import { changeContext, type ChangeContext } from '@turnpike/runtime/http/change-context.js';
import { appendAudit } from '../audit/audit.store.js';
import { beforeAndAfter } from '../audit/before-and-after.js';
import { allRules, ruleOf, type AlertRule } from './alert-rule.js';
import { findAlertRuleRow, listAlertRuleRows, storeAlertRule } from './alert-rule.store.js';
import { acknowledgeRow, countAlerts, findAlertRow, listAlertRows, type AlertRow } from './alert.store.js';
import { alertRuleView, alertView, factsOf } from './alert.view.js';

export type Sites = Actor['sites'];

export interface AlertQuery extends PageQuery {
  readonly state?: AlertState | undefined;
  readonly kind?: AlertKind | undefined;
  readonly severity?: AlertSeverity | undefined;
  readonly routerId?: string | undefined;
}

export interface RuleChange {
  readonly enabled?: boolean | undefined;
  readonly threshold?: number | undefined;
  readonly clearMinutes?: number | undefined;
  readonly notify?:
    | {
        readonly owners?: boolean | undefined;
        readonly emails?: readonly string[] | undefined;
        readonly msisdns?: readonly string[] | undefined;
        readonly language?: AlertRule['language'] | undefined;
        readonly quiet?: { readonly from: string; readonly to: string } | null | undefined;
      }
    | undefined;
}

export interface AlertSummary {
  readonly open: number;
  readonly critical: number;
  readonly acknowledged: number;
  readonly newest: AlertView | null;
}

/** `sites`: null for everything, else only what is about those sites and their routers. */
export interface AlertsService {
  summary(sites: Sites): Promise<AlertSummary>;
  list(query: AlertQuery, sites: Sites): Promise<Page<AlertView>>;
  /** `not_found`. */
  get(id: string): Promise<AlertView>;
  /** `not_found`, or `conflict` when it is over. */
  acknowledge(id: string, note: string | undefined, context: ChangeContext): Promise<AlertView>;
  /** Addresses are shown whole to who may change them. */
  rules(by: Actor): Promise<AlertRuleView[]>;
  rule(kind: AlertKind, by: Actor): Promise<AlertRuleView>;
  /** `validation_failed` for a threshold or a phone number that cannot be. */
  changeRule(kind: AlertKind, change: RuleChange, by: Actor, requestId: string): Promise<AlertRuleView>;
}

export interface AlertsDeps extends Pick<Database, 'db' | 'transact'> {
  readonly clock: Clock;
  /** Names of operators by id. */
  readonly namesOf: (ids: readonly string[]) => Promise<ReadonlyMap<string, string>>;
}

const isWhole = (by: Actor) => ({ whole: mayActor(by, 'alerts:write') });

export function createAlertsService({ db, transact, clock, namesOf }: AlertsDeps): AlertsService {
  async function viewsOf(rows: readonly AlertRow[]): Promise<(AlertView | undefined)[]> {
    const ids = rows.flatMap(({ acknowledgedBy }) => acknowledgedBy ?? []);
    const names = ids.length === 0 ? new Map<string, string>() : await namesOf([...new Set(ids)]);
    return rows.map((row) => alertView(row, names));
  }

  async function viewOf(row: AlertRow | null | undefined, id: string): Promise<AlertView> {
    const [view] = row === null || row === undefined ? [] : await viewsOf([row]);
    if (view === undefined) throw new AppError('not_found', `There is no alert ${id}.`);
    return view;
  }

  async function newest(sites: Sites): Promise<AlertView | null> {
    const first = async (severity: AlertSeverity): Promise<AlertView | undefined> => {
      const [row] = await listAlertRows(db, { state: 'open', severity, sites, limit: 1 });
      return row === undefined ? undefined : (await viewsOf([row]))[0];
    };
    return (await first('critical')) ?? (await first('warning')) ?? null;
  }

  return {
    summary: async (sites) => {
      const [open, critical, acknowledged] = await Promise.all([
        countAlerts(db, { state: 'open', sites }),
        countAlerts(db, { state: 'open', severity: 'critical', sites }),
        countAlerts(db, { state: 'acknowledged', sites }),
      ]);
      return { open, critical, acknowledged, newest: open === 0 ? null : await newest(sites) };
    },

    list: async ({ limit, cursor, ...filter }, sites) => {
      const rows = await listAlertRows(db, { ...filter, sites, after: cursorId(cursor), limit });
      const views = await viewsOf(rows);
      const { items, nextCursor } = toPage(rows, limit, (row) => views[rows.indexOf(row)]);
      // A kind of a newer version is not shown by an older one.
      return { items: items.filter((view) => view !== undefined), nextCursor };
    },

    get: async (id) => viewOf(await findAlertRow(db, id), id),

    acknowledge: async (id, note, context) => {
      const row = await transact(async (tx) => {
        const text = note === undefined || note === '' ? null : note;
        const taken = await acknowledgeRow(tx, id, { by: context.actor, at: clock.now(), note: text });
        if (taken === undefined) throw refusalOf(await findAlertRow(tx, id), id);
        const subject = { subjectType: 'alert', subjectId: id };
        const title = factsOf(taken)?.params['name'] ?? '';
        const details = { kind: taken.kind, name: title, ...(text === null ? {} : { note: text }) };
        await appendAudit(tx, { ...context, action: 'alert.acknowledge', ...subject, details });
        return taken;
      });
      return viewOf(row, id);
    },

    rules: async (by) => allRules(await listAlertRuleRows(db)).map((rule) => alertRuleView(rule, isWhole(by))),
    rule: async (kind, by) => alertRuleView(ruleOf(kind, await findAlertRuleRow(db, kind)), isWhole(by)),

    changeRule: async (kind, change, by, requestId) => {
      const rule = await transact(async (tx) => {
        const before = ruleOf(kind, await findAlertRuleRow(tx, kind));
        const after = changedRule(before, change);
        await storeAlertRule(tx, after, clock.now());
        const { before: was, after: is } = beforeAndAfter(auditable(before), auditable(after));
        const subject = { subjectType: 'alert_rule', subjectId: kind };
        const context = changeContext({ actor: by, requestId });
        await appendAudit(tx, {
          ...context,
          action: 'alert_rule.update',
          ...subject,
          details: { before: was, after: is },
        });
        return after;
      });
      return alertRuleView(rule, isWhole(by));
    },
  };
}

function refusalOf(row: AlertRow | null, id: string): AppError {
  return row === null
    ? new AppError('not_found', `There is no alert ${id}.`)
    : new AppError('conflict', 'This alert is over already: there is nothing left to take over.');
}

function changedRule(rule: AlertRule, { enabled, threshold, clearMinutes, notify = {} }: RuleChange): AlertRule {
  const { owners, emails, msisdns, language, quiet } = notify;
  if (threshold !== undefined) refuseThreshold(rule.kind, threshold);
  return {
    ...rule,
    changed: true,
    enabled: enabled ?? rule.enabled,
    threshold: threshold ?? rule.threshold,
    clearMinutes: clearMinutes ?? rule.clearMinutes,
    tellOwners: owners ?? rule.tellOwners,
    emails: emails === undefined ? rule.emails : [...new Set(emails.map((email) => email.toLowerCase()))],
    msisdns: msisdns === undefined ? rule.msisdns : [...new Set(msisdns.map(parsedMsisdn))],
    language: language ?? rule.language,
    ...(quiet === undefined ? {} : { quietFrom: quiet?.from ?? null, quietTo: quiet?.to ?? null }),
  };
}

function refuseThreshold(kind: AlertKind, threshold: number): void {
  const { unit, least, most } = alertKinds[kind];
  if (threshold >= least && threshold <= most) return;
  throw invalidField(
    'threshold',
    unit === 'none' ? 'this kind of alert has no threshold' : `must be between ${least} and ${most} (${unit})`,
  );
}

function parsedMsisdn(text: string, index: number): string {
  const parsed = parseMsisdn(text);
  if (parsed !== undefined) return parsed;
  throw invalidField(`notify.msisdns.${index}`, 'must be a phone number such as 0712 345 678 or +254712345678');
}

/** Who is told, not at which addresses: the trail is kept for ever. */
function auditable({ emails, msisdns, changed: _known, ...rule }: AlertRule): Record<string, unknown> {
  return { ...rule, emails: emails.length, msisdns: msisdns.length };
}
