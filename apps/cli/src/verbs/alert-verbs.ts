import type { Command } from 'commander';
import { alertKindNames } from '@turnpike/contracts/alert-kinds.js';
import { acknowledgeAlert, alertStates, listAlerts, type AlertView } from '@turnpike/contracts/alerts.js';
import { type ApiClient, ApiError } from '../api-client.js';
import { EXIT, exitOf, VerbError } from './exit.js';
import { findRouter } from './find-router.js';
import type { Output } from './output.js';
import { readPages } from './pages.js';
import { addVerb, parseCount, type Verb, type VerbHost, type VerbOptions } from './verb.js';
import { ago, count } from './words.js';

interface ListOptions extends VerbOptions {
  readonly state: string;
  readonly kind?: string;
  readonly router?: string;
  readonly limit: number;
}

interface AckOptions extends VerbOptions {
  readonly note?: string;
  readonly all?: boolean;
}

/** `alert list` and `alert ack`. */
export function alertVerbs(group: Command, host: VerbHost): void {
  addVerb<ListOptions>(group, host, {
    name: 'list',
    description: 'what needs somebody, newest first',
    options: (command) =>
      void command
        .option('--state <state>', alertStates.join(', '), 'open')
        .option('--kind <kind>', 'only of this kind, for example router_offline')
        .option('--router <router>', 'only of this router, by name or id')
        .option('--limit <n>', 'at most so many', parseCount, 50),
    run: listThem,
  });
  addVerb<AckOptions>(group, host, {
    name: 'ack [alerts...]',
    description: 'take alerts over, so that nobody else is told of them while they go on',
    options: (command) =>
      void command.option('--note <text>', 'what you know, what you do').option('--all', 'every open alert'),
    run: acknowledge,
  });
}

async function listThem(verb: Verb, _args: readonly string[], options: ListOptions): Promise<void> {
  const { state, kind, limit } = options;
  const query = listAlerts.query.safeParse({ state, kind });
  if (!query.success) {
    throw new VerbError(
      `--state is one of ${alertStates.join(', ')}; --kind of ${alertKindNames.join(', ')}.`,
      EXIT.usage,
    );
  }
  const api = await verb.api();
  const routerId = options.router === undefined ? undefined : (await findRouter(api, options.router)).id;
  const { items, more } = await readPages(limit, (page) =>
    api.call(listAlerts, { query: { ...query.data, routerId, ...page } }),
  );
  const { out, host } = verb;
  items.forEach((alert) => out.emit(alert));
  if (out.json) return;
  if (items.length === 0) out.say(`No ${query.data.state ?? ''} alerts.`);
  for (const alert of items) out.say(linesOf(alert, out, host.now()));
  if (more) out.say(`There are more: --limit ${limit * 2} shows them.`);
}

/** A table would leave no room for what is wrong: ids are long, and have to be whole to be copied. */
function linesOf({ id, severity, state, title, note, openedAt }: AlertView, { colours }: Output, now: Date): string {
  const paint = state === 'resolved' ? colours.dim : severity === 'critical' ? colours.bad : colours.warn;
  const more = [`since ${ago(openedAt, now)}`, id, ...(note === null ? [] : [note])].join('  ');
  return `${paint(severity.padEnd(8))}  ${title}\n${' '.repeat(10)}${colours.dim(more)}`;
}

async function acknowledge(verb: Verb, named: readonly string[], { note, all }: AckOptions): Promise<number> {
  if ((all === true) === named.length > 0) throw new VerbError('Name the alerts, or say --all.', EXIT.usage);
  const api = await verb.api();
  const ids = all === true ? (await openAlerts(api)).map(({ id }) => id) : named;
  const { out } = verb;
  if (ids.length === 0) {
    out.say('No open alerts.');
    return EXIT.done;
  }
  const outcomes: boolean[] = [];
  for (const id of ids) outcomes.push(await acknowledgeOne(verb, api, { id, note }));
  out.say(`${count(outcomes.filter((good) => good).length, 'alert')} of ${ids.length} taken over.`);
  return exitOf(outcomes);
}

async function acknowledgeOne(
  { out }: Verb,
  api: ApiClient,
  { id, note }: { id: string; note: string | undefined },
): Promise<boolean> {
  try {
    out.emit(await api.call(acknowledgeAlert, { params: { id }, body: note === undefined ? {} : { note } }));
    return true;
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    out.complain(`${id}: ${error.message} (code ${error.code}, request ${error.requestId})`);
    return false;
  }
}

const MOST = 1_000;

async function openAlerts(api: ApiClient): Promise<readonly AlertView[]> {
  return (await readPages(MOST, (page) => api.call(listAlerts, { query: { ...page, state: 'open' } }))).items;
}
