import { alertTitle } from '@turnpike/contracts/alert-titles.js';
import type { Language } from '@turnpike/contracts/languages.js';
import type { Tx } from '@turnpike/db/database.js';
import { newNotification, storeNotices } from '../notifications/notify.js';
import { isQuiet, type AlertRule } from './alert-rule.js';
import { listOwnerEmails } from './alert-rule.store.js';
import {
  countToldSince,
  listSitesDown,
  listUntoldEnds,
  listUntoldOpenings,
  markTold,
  type AlertRow,
} from './alert.store.js';
import { factsOf } from './alert.view.js';

export interface Telling {
  readonly rules: readonly AlertRule[];
  readonly now: Date;
  readonly timeZone: string;
  readonly publicUrl: string;
}

/** More than that within a minute are told together. */
export const STORM = 10;
const STORM_MS = 60_000;
/** What was over for so long when it could be told is no news. */
const END_IS_NEWS_MS = 86_400_000;

type What = 'opened' | 'resolved';
type Message = ReturnType<typeof newNotification>;

/** Somebody who is to be told, and of what. */
interface Recipient {
  readonly address: string;
  readonly language: Language;
  readonly alerts: AlertRow[];
}

/**
 * Stores the messages about what has opened or is over and was not told yet; gives how many. Of what is taken over before
 * anybody was told, nobody is. What falls into quiet hours waits for their end.
 */
export async function tellOfAlerts(tx: Tx, telling: Telling): Promise<number> {
  const openings = await withoutRoutersOfSites(tx, await listUntoldOpenings(tx), telling.rules);
  const ends = await listUntoldEnds(tx, new Date(telling.now.getTime() - END_IS_NEWS_MS));
  if (openings.length + ends.length === 0) return 0;
  const owners = await listOwnerEmails(tx);
  const told = await tell(tx, telling, { what: 'opened', alerts: openings, owners });
  return told + (await tell(tx, telling, { what: 'resolved', alerts: ends, owners }));
}

/** Who is told that a site is down need not be told of each of its routers, unless one stays away when the site is back. */
async function withoutRoutersOfSites(
  tx: Tx,
  alerts: readonly AlertRow[],
  rules: readonly AlertRule[],
): Promise<readonly AlertRow[]> {
  const rule = rules.find(({ kind }) => kind === 'site_down');
  const isTold = rule !== undefined && (rule.tellOwners || rule.emails.length + rule.msisdns.length > 0);
  if (!isTold || !alerts.some(({ kind }) => kind === 'router_offline')) return alerts;
  const down = new Set(await listSitesDown(tx));
  return alerts.filter((row) => row.kind !== 'router_offline' || !down.has(String(factsOf(row)?.params['site'] ?? '')));
}

async function tell(
  tx: Tx,
  telling: Telling,
  { what, alerts, owners }: { what: What; alerts: readonly AlertRow[]; owners: readonly string[] },
): Promise<number> {
  const recipients = new Map<string, Recipient>();
  const due: string[] = [];
  for (const row of alerts) {
    const rule = telling.rules.find(({ kind }) => kind === row.kind);
    if (rule === undefined || isQuiet(rule, telling.now, telling.timeZone)) continue;
    const addresses = new Set([...rule.emails, ...rule.msisdns, ...(rule.tellOwners ? owners : [])]);
    if (addresses.size > 0) due.push(row.id);
    for (const address of addresses) {
      const known = recipients.get(address);
      if (known === undefined) recipients.set(address, { address, language: rule.language, alerts: [row] });
      else known.alerts.push(row);
    }
  }
  const column = what === 'opened' ? 'openingToldAt' : 'endToldAt';
  const lately = await countToldSince(tx, column, new Date(telling.now.getTime() - STORM_MS));
  const message = { what, lately, publicUrl: telling.publicUrl };
  const notices = [...recipients.values()].flatMap((recipient) => messagesTo(recipient, message));
  await markTold(tx, due, column, telling.now);
  return storeNotices(tx, notices);
}

/** `lately`: how many alerts others and this one were told of in the last minute. */
function messagesTo(
  { address, language, alerts }: Recipient,
  { what, lately, publicUrl }: { what: What; lately: number; publicUrl: string },
): Message[] {
  const [first] = alerts;
  if (first === undefined) return [];
  const message = (texts: Texts, path: string, dedupKey: string): Message => {
    const template = what === 'opened' ? 'alert_opened' : 'alert_resolved';
    const params = { ...texts, url: `${publicUrl}/console${path}` };
    return { ...newNotification({ template, recipient: address, params, dedupKey }, null), language };
  };
  if (alerts.length > 1 && alerts.length + lately > STORM) {
    const words = stormWords(first, alerts.length, what);
    return [message(words, '/alerts', `alerts:${first.id}:${alerts.length}:${what}:${address}`)];
  }
  return alerts.map((row) => message(titlesOf(row), `/alerts/${row.id}`, `alert:${row.id}:${what}:${address}`));
}

type Texts = Readonly<Record<Language, string>>;

function titlesOf(row: AlertRow): Texts {
  const facts = factsOf(row);
  return facts === undefined
    ? { en: row.kind, sw: row.kind }
    : { en: alertTitle(facts, 'en'), sw: alertTitle(facts, 'sw') };
}

function stormWords(first: AlertRow, count: number, what: What): Texts {
  const { en, sw } = titlesOf(first);
  const isOver = what === 'resolved';
  return {
    en: `${count} alerts at once${isOver ? ' are over' : ''}, among them: ${en}`,
    sw: `Tahadhari ${count} kwa pamoja${isOver ? ' zimekwisha' : ''}, mojawapo: ${sw}`,
  };
}
