import { z } from 'zod';
import { alertKindNames, alertSeverities, alertSubjects, alertUnits } from './alert-kinds.js';
import { id, idParams, instant, isStorable, NOT_STORABLE, page, pageQueryShape } from './common.js';
import { endpoint } from './endpoint.js';
import { language } from './languages.js';

const tag = 'alerts';

/** `acknowledged`: it goes on, and somebody has taken it over. */
export const alertStates = ['open', 'acknowledged', 'resolved'] as const;
export type AlertState = (typeof alertStates)[number];

const kind = z.enum(alertKindNames);

export const alert = z.object({
  id,
  kind,
  severity: z.enum(alertSeverities),
  state: z.enum(alertStates),
  subject: z.object({
    kind: z.enum(alertSubjects),
    /** Of the router; name of the site, the queue or the part of the system. */
    id: z.string(),
    name: z.string(),
  }),
  /** In English; in other languages the console makes it of `kind`, `params` and `value`. */
  title: z.string(),
  params: z.record(z.string(), z.union([z.string(), z.number()])),
  unit: z.enum(alertUnits),
  /** As last measured, in `unit`, and from where on it is one. */
  value: z.number(),
  threshold: z.number(),
  openedAt: instant,
  lastSeenAt: instant,
  resolvedAt: instant.nullable(),
  acknowledgedAt: instant.nullable(),
  acknowledgedBy: z.object({ id: z.string(), name: z.string() }).nullable(),
  note: z.string().nullable(),
  /** When messages about it were sent out; null: nobody was told. */
  toldAt: instant.nullable(),
});
export type AlertView = z.infer<typeof alert>;

export const getAlertSummary = endpoint({
  method: 'get',
  path: '/alerts/summary',
  tag,
  summary: 'How many alerts go on: those that nobody has taken over, the critical ones among them, and the others',
  allow: 'alerts:read',
  scope: 'site',
  response: z.object({
    open: z.number().int(),
    critical: z.number().int(),
    acknowledged: z.number().int(),
    /** The newest critical one that nobody has taken over, else the newest other one. */
    newest: alert.nullable(),
  }),
});

const time = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'must be a time such as 22:00');

/** Between these two nobody is told; what still goes on at the end is told then. It may go over midnight. */
const quietHours = z
  .strictObject({ from: time, to: time })
  .refine(({ from, to }) => from !== to, { message: 'must not begin and end at the same time', path: ['to'] });

export const alertRule = z.object({
  kind,
  severity: z.enum(alertSeverities),
  unit: z.enum(alertUnits),
  enabled: z.boolean(),
  threshold: z.number(),
  /** What the threshold may be. */
  least: z.number(),
  most: z.number(),
  clearMinutes: z.number().int(),
  notify: z.object({
    /** Everybody with the role of owner, by e-mail. */
    owners: z.boolean(),
    emails: z.array(z.string()),
    /** E.164 digits. */
    msisdns: z.array(z.string()),
    language,
    /** In the time zone of the installation. */
    quiet: quietHours.nullable(),
  }),
  /** False: as it comes. */
  changed: z.boolean(),
});
export type AlertRuleView = z.infer<typeof alertRule>;

export const listAlertRules = endpoint({
  method: 'get',
  path: '/alerts/rules',
  tag,
  summary: 'Every kind of alert: whether it is looked for, from where on it is one, and who is told',
  allow: 'alerts:read',
  response: z.object({ items: z.array(alertRule) }),
});

const ruleParams = z.strictObject({ kind });

export const getAlertRule = endpoint({
  method: 'get',
  path: '/alerts/rules/{kind}',
  tag,
  summary: 'Of one kind of alert: whether it is looked for, from where on it is one, and who is told',
  allow: 'alerts:read',
  params: ruleParams,
  response: alertRule,
});

const MOST_RECIPIENTS = 20;
const email = z.email('must be an e-mail address').max(254);
/** In any notation. */
const msisdn = z.string().max(32);

export const updateAlertRule = endpoint({
  method: 'patch',
  path: '/alerts/rules/{kind}',
  tag,
  summary: 'Change what a kind of alert looks for and who is told; what is left out stays as it is',
  allow: 'alerts:write',
  params: ruleParams,
  body: z.strictObject({
    enabled: z.boolean().optional(),
    threshold: z.number().optional(),
    clearMinutes: z.number().int().min(0).max(120).optional(),
    notify: z
      .strictObject({
        owners: z.boolean().optional(),
        emails: z.array(email).max(MOST_RECIPIENTS).optional(),
        msisdns: z.array(msisdn).max(MOST_RECIPIENTS).optional(),
        language: language.optional(),
        quiet: quietHours.nullable().optional(),
      })
      .optional(),
  }),
  response: alertRule,
});

export const listAlerts = endpoint({
  method: 'get',
  path: '/alerts',
  tag,
  summary: 'Alerts, newest first',
  allow: 'alerts:read',
  scope: 'site',
  query: z.strictObject({
    ...pageQueryShape,
    state: z.enum(alertStates).optional(),
    kind: kind.optional(),
    severity: z.enum(alertSeverities).optional(),
    /** What is about this router itself; its site is another thing. */
    routerId: id.optional(),
  }),
  response: page(alert),
});

export const getAlert = endpoint({
  method: 'get',
  path: '/alerts/{id}',
  tag,
  summary: 'One alert',
  allow: 'alerts:read',
  scope: 'site',
  siteOf: 'alert',
  params: idParams,
  response: alert,
});

export const acknowledgeAlert = endpoint({
  method: 'post',
  path: '/alerts/{id}/acknowledge',
  tag,
  summary: 'Take an alert over: nobody is told of it any more while it goes on; again: change the note',
  allow: 'alerts:write',
  scope: 'site',
  siteOf: 'alert',
  params: idParams,
  body: z.strictObject({
    note: z.string().trim().max(500).refine(isStorable, NOT_STORABLE).optional(),
  }),
  response: alert,
});
