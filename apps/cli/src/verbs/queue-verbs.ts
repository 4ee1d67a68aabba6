import type { Command } from 'commander';
import { getQueues, jobStates, listQueueJobs, retryQueueJob } from '@turnpike/contracts/operations.js';
import { type ApiClient, ApiError } from '../api-client.js';
import { EXIT, exitOf, VerbError } from './exit.js';
import { readPages } from './pages.js';
import { addVerb, parseCount, type Verb, type VerbHost, type VerbOptions } from './verb.js';
import { ago, count } from './words.js';

interface JobsOptions extends VerbOptions {
  readonly state: string;
  readonly limit: number;
}

interface RetryOptions extends VerbOptions {
  readonly all?: boolean;
}

/** `queue list`, `jobs` and `retry`. */
export function queueVerbs(group: Command, host: VerbHost): void {
  addVerb(group, host, { name: 'list', description: 'how many jobs wait, run and have failed', run: listThem });
  addVerb<JobsOptions>(group, host, {
    name: 'jobs <queue>',
    description: 'jobs of a queue',
    options: (command) =>
      void command
        .option('--state <state>', jobStates.join(', '), 'failed')
        .option('--limit <n>', 'at most so many', parseCount, 50),
    run: jobs,
  });
  addVerb<RetryOptions>(group, host, {
    name: 'retry <queue> [jobs...]',
    description: 'give failed jobs to the workers again',
    options: (command) => void command.option('--all', 'every failed job of the queue'),
    run: retry,
  });
}

async function listThem(verb: Verb): Promise<void> {
  const { items } = await (await verb.api()).call(getQueues);
  const { bad } = verb.out.colours;
  verb.out.list(
    [
      { title: 'queue', value: ({ name }) => name },
      { title: 'waiting', value: ({ waiting }) => String(waiting), align: 'right' },
      { title: 'active', value: ({ active }) => String(active), align: 'right' },
      { title: 'delayed', value: ({ delayed }) => String(delayed), align: 'right' },
      {
        title: 'failed',
        value: ({ failed }) => String(failed),
        align: 'right',
        paint: ({ failed }) => (failed > 0 ? bad : undefined),
      },
      { title: 'completed', value: ({ completed }) => String(completed), align: 'right' },
    ],
    items,
    'There are no queues.',
  );
}

async function jobs(verb: Verb, [name = '']: readonly string[], options: JobsOptions): Promise<void> {
  const query = listQueueJobs.query.safeParse({ state: options.state });
  if (!query.success) throw new VerbError(`--state is one of ${jobStates.join(', ')}.`, EXIT.usage);
  const { state } = query.data;
  const api = await verb.api();
  const { items } = await readPages(options.limit, (page) =>
    api.call(listQueueJobs, { params: { name }, query: { ...page, state } }),
  );
  const now = verb.host.now();
  verb.out.list(
    [
      { title: 'id', value: ({ id }) => id, mayShrink: true },
      { title: 'job', value: (job) => job.name },
      { title: 'tries', value: ({ attemptsMade }) => String(attemptsMade), align: 'right' },
      { title: 'age', value: ({ createdAt }) => ago(createdAt, now), align: 'right' },
      { title: 'reason', value: ({ failedReason }) => failedReason ?? '-', mayShrink: true },
    ],
    items,
    `No ${state} jobs in ${name}.`,
  );
}

async function retry(verb: Verb, [name = '', ...named]: readonly string[], { all }: RetryOptions): Promise<number> {
  if ((all === true) === named.length > 0) throw new VerbError('Name the jobs, or say --all.', EXIT.usage);
  const api = await verb.api();
  const ids = all === true ? await failedJobs(api, name) : named;
  const { out } = verb;
  if (ids.length === 0) {
    out.say(`No failed jobs in ${name}.`);
    return EXIT.done;
  }
  const outcomes: boolean[] = [];
  for (const id of ids) outcomes.push(await retryOne(verb, api, name, id));
  out.say(`${count(outcomes.filter((good) => good).length, 'job')} of ${ids.length} given to the workers again.`);
  return exitOf(outcomes);
}

async function retryOne({ out }: Verb, api: ApiClient, name: string, id: string): Promise<boolean> {
  try {
    out.emit(await api.call(retryQueueJob, { params: { name, id } }));
    return true;
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    out.complain(`${id}: ${error.message} (code ${error.code}, request ${error.requestId})`);
    return false;
  }
}

async function failedJobs(api: ApiClient, name: string): Promise<string[]> {
  const { items } = await readPages(1_000, (page) =>
    api.call(listQueueJobs, { params: { name }, query: { ...page, state: 'failed' } }),
  );
  return items.map(({ id }) => id);
}
