import { setTimeout as delay } from 'node:timers/promises';
import type { Command } from 'commander';
import {
  disconnectSession,
  getSessionCommand,
  listSessions,
  type SessionCommandView,
  type SessionView,
} from '@turnpike/contracts/sessions.js';
import { type ApiClient, ApiError } from '../api-client.js';
import { EXIT, exitOf, VerbError } from './exit.js';
import { findRouter, isId } from './find-router.js';
import { readPages } from './pages.js';
import type { Column } from './table.js';
import { addVerb, parseCount, parseDuration, type Verb, type VerbHost, type VerbOptions } from './verb.js';
import { ago, sizeOf } from './words.js';

interface ListOptions extends VerbOptions {
  readonly router?: string;
  readonly username?: string;
  readonly limit: number;
}

interface DisconnectOptions extends VerbOptions {
  readonly watch?: boolean;
  readonly timeout: number;
}

/** `session list` and `session disconnect`. */
export function sessionVerbs(group: Command, host: VerbHost): void {
  addVerb<ListOptions>(group, host, {
    name: 'list',
    description: 'who is online now',
    options: (command) =>
      void command
        .option('--router <router>', 'only on this router')
        .option('--username <name>', 'only of this username')
        .option('--limit <n>', 'at most so many', parseCount, 200),
    run: listThem,
  });
  addVerb<DisconnectOptions>(group, host, {
    name: 'disconnect <sessions...>',
    description: 'end sessions, by id or by username (all of it)',
    options: (command) =>
      void command
        .option('--watch', 'wait until the router has said what came of it')
        .option('--timeout <time>', 'with --watch: wait at most so long', parseDuration, 120_000),
    run: disconnect,
  });
}

async function listThem(verb: Verb, _args: readonly string[], options: ListOptions): Promise<void> {
  const api = await verb.api();
  const { username } = options;
  const routerId = options.router === undefined ? undefined : (await findRouter(api, options.router)).id;
  const { items, more } = await readPages(options.limit, (page) =>
    api.call(listSessions, { query: { ...page, state: 'open', username, routerId } }),
  );
  verb.out.list(columnsOf(verb.host.now()), items, 'Nobody is online.');
  if (more) verb.out.say(`There are more: --limit ${options.limit * 2} shows them.`);
}

function columnsOf(now: Date): Column<SessionView>[] {
  return [
    { title: 'username', value: ({ username }) => username, mayShrink: true },
    { title: 'address', value: ({ framedIpAddress }) => framedIpAddress ?? '-' },
    { title: 'device', value: ({ callingStationId }) => callingStationId ?? '-', mayShrink: true },
    { title: 'router', value: ({ router }) => router.name, mayShrink: true },
    { title: 'for', value: ({ startedAt }) => ago(startedAt, now), align: 'right' },
    { title: 'down', value: ({ outputOctets }) => sizeOf(outputOctets), align: 'right' },
    { title: 'up', value: ({ inputOctets }) => sizeOf(inputOctets), align: 'right' },
  ];
}

interface Target {
  readonly id: string;
  readonly label: string;
}

async function disconnect(verb: Verb, names: readonly string[], options: DisconnectOptions): Promise<number> {
  const api = await verb.api();
  const targets = (await Promise.all(names.map((name) => targetsOf(api, name)))).flat();
  const outcomes = await Promise.all(targets.map((target) => end(verb, api, target, options)));
  return exitOf(outcomes);
}

async function targetsOf(api: ApiClient, name: string): Promise<Target[]> {
  if (isId(name)) return [{ id: name, label: name }];
  const { items } = await readPages(1_000, (page) =>
    api.call(listSessions, { query: { ...page, state: 'open', username: name } }),
  );
  if (items.length === 0) throw new VerbError(`${name} is not online. \`turnpike session list\` shows who is.`);
  return items.map(({ id, username, router, callingStationId }) => ({
    id,
    label: `${username} (${callingStationId ?? id}) on ${router.name}`,
  }));
}

async function end(verb: Verb, api: ApiClient, { id, label }: Target, options: DisconnectOptions): Promise<boolean> {
  const { out } = verb;
  try {
    const { commandId } = await api.call(disconnectSession, { params: { id } });
    if (options.watch !== true) {
      out.emit({ session: id, commandId });
      out.say(`${label}: the router is told to end it.`);
      return true;
    }
    const command = await outcomeOf(verb, api, commandId, options.timeout);
    out.emit(command);
    const good = GOOD.has(command.state);
    out.say(`${label}: ${(good ? out.colours.good : out.colours.bad)(WORDS[command.state])}${detailOf(command)}`);
    return good;
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    out.complain(`${label}: ${error.message} (code ${error.code}, request ${error.requestId})`);
    return false;
  }
}

const GOOD = new Set<SessionCommandView['state']>(['acknowledged', 'already_gone', 'removed']);
const WORDS: Readonly<Record<SessionCommandView['state'], string>> = {
  queued: 'is waiting for a worker',
  sent: 'was sent, no answer yet',
  acknowledged: 'ended',
  already_gone: 'had ended already',
  removed: 'was taken off the router',
  refused: 'was refused by the router',
  unanswered: 'was not answered by the router',
  superseded: 'a newer order took its place',
};

function detailOf({ detail }: SessionCommandView): string {
  return detail === null ? '' : `: ${detail}`;
}

const POLL_MS = 300;

async function outcomeOf(
  { host }: Verb,
  api: ApiClient,
  commandId: string,
  timeoutMs: number,
): Promise<SessionCommandView> {
  const stop = new AbortController();
  const goesOn = 'the order goes on without this terminal.';
  const release = host.onInterrupt(() => stop.abort(new VerbError(`Detached: ${goesOn}`, EXIT.detached)));
  const late = setTimeout(() => stop.abort(new VerbError(`Time is up: ${goesOn}`, EXIT.timedOut)), timeoutMs);
  try {
    for (;;) {
      const command = await api.call(getSessionCommand, { params: { id: commandId } });
      if (command.finishedAt !== null) return command;
      await delay(POLL_MS, undefined, { signal: stop.signal }).catch(() => stop.signal.throwIfAborted());
    }
  } finally {
    clearTimeout(late);
    release();
  }
}
