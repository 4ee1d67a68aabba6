import type { AlertKind } from './alert-kinds.js';
import type { Language } from './languages.js';

/** What an alert is made known by. */
export interface AlertFacts {
  readonly kind: AlertKind;
  /** In the unit of the kind. */
  readonly value: number;
  /** Names and counts that the sentence needs. */
  readonly params: Readonly<Record<string, string | number>>;
}

/** One sentence without a full stop: what is wrong, with what, and how much. For the console, the command line and messages. */
export function alertTitle(alert: AlertFacts, language: Language): string {
  const n = Math.round(alert.value);
  const of = (name: string): string => String(alert.params[name] ?? '?');
  return TITLES[alert.kind][language]({ n, of, name: of('name'), count: Number(alert.params['count'] ?? 0) });
}

interface Given {
  readonly n: number;
  readonly name: string;
  readonly count: number;
  readonly of: (name: string) => string;
}

type Title = (given: Given) => string;

const HOUR = 60;
const DAY = 24 * HOUR;

/** In the unit that people would say it in; `n` is minutes. */
function spanOf(n: number): readonly [number, 'minute' | 'hour' | 'day'] {
  if (n >= 2 * DAY) return [Math.floor(n / DAY), 'day'];
  return n >= 2 * HOUR ? [Math.floor(n / HOUR), 'hour'] : [n, 'minute'];
}

const SWAHILI = { minute: 'dakika', hour: 'saa', day: 'siku' } as const;

function minutes(n: number): string {
  const [many, unit] = spanOf(n);
  return many === 1 ? `1 ${unit}` : `${many} ${unit}s`;
}

function dakika(n: number): string {
  const [many, unit] = spanOf(n);
  return `${SWAHILI[unit]} ${many}`;
}

const seconds = (n: number): string => (n === 1 ? '1 second' : `${n} seconds`);

const PROCESSES: Readonly<Record<string, Readonly<Record<Language, string>>>> = {
  api: { en: 'API', sw: 'API' },
  'radius-auth': { en: 'RADIUS authentication', sw: 'uthibitishaji wa RADIUS' },
  'radius-acct': { en: 'RADIUS accounting', sw: 'uhasibu wa RADIUS' },
};

const processName = (name: string, language: Language): string => PROCESSES[name]?.[language] ?? name;

const TITLES: Readonly<Record<AlertKind, Readonly<Record<Language, Title>>>> = {
  router_offline: {
    en: ({ name, n }) => `${name} has been offline for ${minutes(n)}`,
    sw: ({ name, n }) => `${name} haipatikani kwa ${dakika(n)}`,
  },
  router_silent_radius: {
    en: ({ name, n }) => `${name} is online but has sent no RADIUS packet for ${minutes(n)}`,
    sw: ({ name, n }) => `${name} inapatikana lakini haijatuma pakiti ya RADIUS kwa ${dakika(n)}`,
  },
  router_wrong_secret: {
    en: ({ name }) => `${name} sends RADIUS packets with a wrong secret`,
    sw: ({ name }) => `${name} inatuma pakiti za RADIUS zenye siri isiyo sahihi`,
  },
  site_down: {
    en: ({ name, n }) => `All ${n} routers at ${name} are offline`,
    sw: ({ name, n }) => `Ruta zote ${n} za ${name} hazipatikani`,
  },
  payments_failing: {
    en: ({ n, of }) => `${n} % of the M-Pesa payments of the last 15 minutes failed (${of('failed')} of ${of('all')})`,
    sw: ({ n, of }) =>
      `${n} % ya malipo ya M-Pesa ya dakika 15 zilizopita hayakufaulu (${of('failed')} kati ya ${of('all')})`,
  },
  payments_waiting: {
    en: ({ n, count }) =>
      `${count === 1 ? 'A payment has' : `${count} payments have`} no end yet, the oldest for ${minutes(n)}`,
    sw: ({ n, count }) => `Malipo ${count} bado hayajakamilika, ya zamani zaidi kwa ${dakika(n)}`,
  },
  review_waiting: {
    en: ({ n, count }) =>
      `${count === 1 ? 'A payment waits' : `${count} payments wait`} for a decision, the oldest for ${minutes(n * HOUR)}`,
    sw: ({ n, count }) => `Malipo ${count} yanasubiri uamuzi, ya zamani zaidi kwa ${dakika(n * HOUR)}`,
  },
  mpesa_unreachable: {
    en: ({ n }) => `M-Pesa does not answer: ${n === 1 ? '1 request' : `${n} requests`} in the last 15 minutes failed`,
    sw: ({ n }) => `M-Pesa haijibu: maombi ${n} ya dakika 15 zilizopita hayakufaulu`,
  },
  sms_failing: {
    en: ({ n, of }) => `${n} % of the SMS of the last 15 minutes did not get through (${of('failed')} of ${of('all')})`,
    sw: ({ n, of }) => `${n} % ya SMS za dakika 15 zilizopita hazikufika (${of('failed')} kati ya ${of('all')})`,
  },
  login_failures: {
    en: ({ n, of }) => `${n} RADIUS logins a minute are refused, most of them as ${of('reason')}`,
    sw: ({ n, of }) => `Watu ${n} kwa dakika wanakataliwa kuingia kupitia RADIUS, wengi kwa sababu ya ${of('reason')}`,
  },
  session_orders_failing: {
    en: ({ n }) => `${n === 1 ? '1 session' : `${n} sessions`} should be over and may still be online`,
    sw: ({ n }) => `Vikao ${n} vilipaswa kuisha na huenda bado viko mtandaoni`,
  },
  queue_stuck: {
    en: ({ name, n }) => `The oldest job of the queue ${name} has waited for ${seconds(n)}`,
    sw: ({ name, n }) => `Kazi ya zamani zaidi ya foleni ${name} imesubiri kwa sekunde ${n}`,
  },
  jobs_failed: {
    en: ({ name, n }) => `${n === 1 ? '1 job' : `${n} jobs`} of the queue ${name} failed in the last hour`,
    sw: ({ name, n }) => `Kazi ${n} za foleni ${name} hazikufaulu katika saa iliyopita`,
  },
  process_missing: {
    en: ({ name }) => `No process is running for ${processName(name, 'en')}`,
    sw: ({ name }) => `Hakuna mchakato unaofanya kazi ya ${processName(name, 'sw')}`,
  },
  ledger_unbalanced: {
    en: ({ n }) => `The ledger does not balance: ${n === 1 ? '1 difference' : `${n} differences`}`,
    sw: ({ n }) => `Leja haina uwiano: tofauti ${n}`,
  },
  audit_chain_broken: {
    en: ({ of }) => `The audit trail was changed at entry ${of('entry')}`,
    sw: ({ of }) => `Kumbukumbu za ukaguzi zilibadilishwa kwenye ingizo ${of('entry')}`,
  },
};
