import { recentLinks, type RecentItem } from '@turnpike/contracts/dashboard.js';
import type { Tx } from '@turnpike/db/database.js';
import { usernameFor } from '../customers/phone-view.js';
import type { Sites } from './dashboard.store.js';
import { findNames, listRecentActs, listRecentRuns, type RecentAct, type RecentRun } from './recent.store.js';

const SHOWN = 10;
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/**
 * What happened last, newest first. Everybody gets the same, so phone numbers are masked for all; who sees some sites only
 * gets the runs on their routers: the audit trail is of the whole system.
 */
export async function readRecent(tx: Tx, sites: Sites): Promise<RecentItem[]> {
  const acts = sites === null ? await listRecentActs(tx, SHOWN) : [];
  const runs = await listRecentRuns(tx, sites, SHOWN);
  const names = await namesOf(tx, acts);
  return [...acts.map((act) => itemOfAct(act, names)), ...runs.map(itemOfRun)]
    .sort((one, other) => (one.at < other.at ? 1 : -1))
    .slice(0, SHOWN);
}

async function namesOf(tx: Tx, acts: readonly RecentAct[]): Promise<Map<string, string>> {
  const ofType = (type: string) =>
    acts
      .filter(({ subjectType, subjectId }) => subjectType === type && UUID.test(subjectId))
      .map((act) => act.subjectId);
  const actors = acts.map(({ actor }) => actor).filter((actor) => UUID.test(actor));
  return findNames(tx, {
    router: ofType('router'),
    operator: [...ofType('operator'), ...actors],
    package: ofType('package'),
    customer: ofType('customer'),
    agent: ofType('agent'),
  });
}

/** `Router Kilimani 3: rotate radius secret (Asha)` */
function itemOfAct(act: RecentAct, names: ReadonlyMap<string, string>): RecentItem {
  const { subjectType, subjectId, actor, action } = act;
  const name = names.get(subjectId);
  // A customer's name may be a phone number, whoever looks.
  const shown = name === undefined || subjectType !== 'customer' ? name : usernameFor('viewer', name);
  const subject = `${capital(words(subjectType))}${shown === undefined ? '' : ` ${shown}`}`;
  const what = words(action.slice(action.indexOf('.') + 1));
  const type = recentLinks.find((link) => link === subjectType);
  return {
    at: act.at.toISOString(),
    kind: action,
    text: `${subject}: ${what} (${names.get(actor) ?? words(actor)})`,
    link: type === undefined || !UUID.test(subjectId) ? null : { type, id: subjectId },
  };
}

function itemOfRun({ id, at, state, routerName }: RecentRun): RecentItem {
  const text = `Router ${routerName}: deployment ${words(state)}`;
  return { at: at.toISOString(), kind: `run.${state}`, text, link: { type: 'run', id } };
}

function words(text: string): string {
  return text.replace(/[._-]+/g, ' ');
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
