import { getRun } from '@turnpike/contracts/provisioning.js';
import type { z } from 'zod';
import { isGood } from './run-feed.js';
import type { Verb } from './verb.js';
import { sayError } from './watch-runs.js';
import { spanOf, when } from './words.js';

type RunWithJournal = z.output<typeof getRun.response>;
type Entry = RunWithJournal['journal'][number];

/** A run from its beginning to its end: each change as it was made, and what the router said. */
export async function showRun(verb: Verb, runId: string, routerName: string): Promise<void> {
  const { out } = verb;
  const { journal, ...run } = await (await verb.api()).call(getRun, { params: { id: runId } });
  out.emit({ type: 'run', router: routerName, ...run });
  journal.forEach((entry) => out.emit({ type: 'change', ...entry }));
  if (out.json) return;
  const { bold, dim, good, bad } = out.colours;
  const tone = isGood(run) ? good : run.finishedAt === null ? bold : bad;
  out.say(`${bold(routerName)}  ${run.kind} ${tone(run.state.replaceAll('_', ' '))}, ${run.percent} %`);
  out.say(dim(`run ${run.id}, asked for by ${run.requestedBy}, attempt ${run.attempt}, ${run.writes} changes`));
  out.say(`${when(run.createdAt)}  queued`);
  if (run.startedAt !== null) out.say(`${when(run.startedAt)}  taken up by a worker`);
  if (run.kind === 'deploy') for (const entry of journal) out.say(`${when(entry.at)}  ${entryLine(entry)}`);
  else for (const entry of [...journal].reverse()) out.say(`${' '.repeat(19)}  ${undoLine(entry)}`);
  const took =
    run.startedAt === null || run.finishedAt === null ? '' : ` after ${tookBetween(run.startedAt, run.finishedAt)}`;
  if (run.finishedAt === null) out.say(`now                  ${run.stage ?? run.state}`);
  else out.say(`${when(run.finishedAt)}  ${run.state.replaceAll('_', ' ')}${took}`);
  sayError(out, run);
}

function entryLine({ op, path, key, changes, state }: Entry): string {
  const what = key === 'settings' ? path : `${path} ${key}`;
  const mark = { intended: ' (sent; its answer never came)', done: '', undone: ' (taken back)' }[state];
  return `${op.padEnd(6)} ${what}${mark}${op === 'set' ? `  ${setText(changes)}` : ''}`;
}

/** The journal is that of the deploy: its times are not those of this run. */
function undoLine({ op, path, key, state }: Entry): string {
  const what = key === 'settings' ? path : `${path} ${key}`;
  return `undo ${op.padEnd(6)} ${what}${state === 'undone' ? '' : ' (still in place)'}`;
}

function setText(changes: Entry['changes']): string {
  return Object.entries(changes)
    .map(([name, change]) => `${name}=${newValue(change)}`)
    .join(' ');
}

function newValue(change: unknown): string {
  if (typeof change === 'string') return change;
  return typeof change === 'object' && change !== null && 'to' in change ? String(change.to) : '?';
}

function tookBetween(from: string, to: string): string {
  const seconds = (new Date(to).getTime() - new Date(from).getTime()) / 1000;
  return seconds < 10 ? `${seconds.toFixed(1)}s` : spanOf(seconds);
}
