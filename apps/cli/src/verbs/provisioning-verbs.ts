import type { Command } from 'commander';
import {
  deployServiceConfig,
  listRuns,
  planServiceConfig,
  resetProvisioning,
  rollBackRouter,
  type PlanOperation,
} from '@turnpike/contracts/provisioning.js';
import type { RouterView } from '@turnpike/contracts/routers.js';
import { type ApiClient, ApiError } from '../api-client.js';
import { exitOf } from './exit.js';
import { findRouter, findRouters } from './find-router.js';
import { showRun } from './run-logs.js';
import type { WatchedRun } from './run-feed.js';
import { serviceOptions, servicesAsked, servicesOn, type ServiceOptions } from './service-options.js';
import { addVerb, parseDuration, type Verb, type VerbHost, type VerbOptions } from './verb.js';
import { watchRuns } from './watch-runs.js';
import { count } from './words.js';

interface WatchOptions extends VerbOptions {
  readonly watch?: boolean;
  readonly timeout?: number;
}
type DeployOptions = WatchOptions & ServiceOptions;

interface LogsOptions extends WatchOptions {
  readonly run?: string;
}

function watchOptions(command: Command): void {
  command
    .option('--watch', 'show the progress until the end; Ctrl-C leaves the job running')
    .option('--timeout <time>', 'with --watch: stop watching after this time, for example 120s', parseDuration);
}

/** `router plan`, `deploy`, `reset`, `rollback` and `logs`. */
export function provisioningVerbs(group: Command, host: VerbHost): void {
  addVerb<VerbOptions & ServiceOptions>(group, host, {
    name: 'plan <router>',
    description: 'what a deploy would add, set and remove; changes nothing',
    options: serviceOptions,
    run: plan,
  });
  addVerb<DeployOptions>(group, host, {
    name: 'deploy <routers...>',
    description: 'bring routers to these services, or again to those they have',
    options: (command) => {
      serviceOptions(command);
      watchOptions(command);
    },
    run: deploy,
  });
  addVerb<WatchOptions>(group, host, {
    name: 'rollback <routers...>',
    description: 'take back what the last deploy changed',
    options: watchOptions,
    run: async (verb, names, options) => {
      const start = async (api: ApiClient, { id }: RouterView) =>
        (await api.call(rollBackRouter, { params: { id } })).runId;
      return startRuns(verb, names, options, 'rollback', start);
    },
  });
  addVerb<WatchOptions>(group, host, {
    name: 'reset <routers...>',
    description: 'forget a failed or finished deployment; nothing changes on the router',
    options: watchOptions,
    run: reset,
  });
  addVerb<LogsOptions>(group, host, {
    name: 'logs <router>',
    description: "what the last run did, step by step, with the router's own words",
    options: (command) => {
      watchOptions(command);
      command.option('--run <id>', 'another run than the last one');
    },
    run: logs,
  });
}

async function plan(verb: Verb, [text = '']: readonly string[], options: ServiceOptions): Promise<number | void> {
  const asked = await servicesAsked(verb.host, options);
  const api = await verb.api();
  const router = await findRouter(api, text);
  const services = asked ?? (await servicesOn(api, router));
  const found = await api.call(planServiceConfig, { params: { id: router.id }, body: { services } });
  const { out } = verb;
  const { good, bad, warn } = out.colours;
  const paint = { add: good, set: warn, remove: bad };
  found.operations.forEach((operation) => out.emit(operation));
  for (const operation of found.operations) {
    out.say(`${paint[operation.op](operation.op.padEnd(6))}  ${operation.path} ${operation.key}`);
    for (const [name, change] of Object.entries(operation.changes)) out.say(`          ${name}: ${changeText(change)}`);
  }
  for (const warning of found.warnings) out.complain(warn(`warning  ${warning}`));
  for (const { message, remedy } of found.conflicts)
    out.complain(`${bad(`conflict  ${message}`)}\n          ${remedy}`);
  out.say(summaryOf(found.operations, router.name));
  return exitOf([found.conflicts.length === 0]);
}

function changeText(change: PlanOperation['changes'][string]): string {
  return typeof change === 'string' ? change : `${change.from ?? '(nothing)'} -> ${change.to}`;
}

function summaryOf(operations: readonly PlanOperation[], name: string): string {
  if (operations.length === 0) return `Nothing to do: ${name} is as wished.`;
  const of = (op: PlanOperation['op']): number => operations.filter((one) => one.op === op).length;
  return `${of('add')} to add, ${of('set')} to set, ${of('remove')} to remove on ${name}. Nothing was changed.`;
}

async function deploy(verb: Verb, names: readonly string[], options: DeployOptions): Promise<number> {
  const asked = await servicesAsked(verb.host, options);
  const start = async (api: ApiClient, router: RouterView): Promise<string> => {
    const services = asked ?? (await servicesOn(api, router));
    return (await api.call(deployServiceConfig, { params: { id: router.id }, body: { services } })).runId;
  };
  return startRuns(verb, names, options, 'deploy', start);
}

/** Starts one run for each router; that one is refused keeps the others from nothing. */
async function startRuns(
  verb: Verb,
  names: readonly string[],
  { watch, timeout: timeoutMs }: WatchOptions,
  kind: string,
  start: (api: ApiClient, router: RouterView) => Promise<string>,
): Promise<number> {
  const { out } = verb;
  const api = await verb.api();
  const routers = await findRouters(api, names);
  const outcomes = await eachRouter(verb, routers, (router) => start(api, router));
  const runs = routers.flatMap((router, index): WatchedRun[] => {
    const runId = outcomes[index];
    return runId === undefined ? [] : [{ runId, routerName: router.name }];
  });
  if (watch === true && runs.length > 0) {
    const watched = await watchRuns(verb, runs, { timeoutMs });
    return runs.length < routers.length ? exitOf([watched === 0, false]) : watched;
  }
  for (const { runId, routerName } of runs) {
    out.emit({ router: routerName, runId });
    out.say(`${routerName}: the ${kind} is queued. \`turnpike router logs ${routerName} --watch\` shows it.`);
  }
  return exitOf(outcomes.map((outcome) => outcome !== undefined));
}

/** Does one thing for each router; what the server refuses is said, and undefined then. Of a single router it is thrown. */
async function eachRouter<Result>(
  verb: Verb,
  routers: readonly RouterView[],
  work: (router: RouterView) => Promise<Result>,
): Promise<(Result | undefined)[]> {
  return Promise.all(
    routers.map(async (router) => {
      try {
        return await work(router);
      } catch (error) {
        if (!(error instanceof ApiError) || routers.length === 1) throw error;
        verb.out.emit({ router: router.name, code: error.code, detail: error.message, requestId: error.requestId });
        verb.out.complain(`${router.name}: ${error.message} (code ${error.code}, request ${error.requestId})`);
        return undefined;
      }
    }),
  );
}

async function reset(verb: Verb, names: readonly string[]): Promise<number> {
  const { out } = verb;
  const api = await verb.api();
  const routers = await findRouters(api, names);
  const outcomes = await eachRouter(verb, routers, async (router) => {
    const status = await api.call(resetProvisioning, { params: { id: router.id } });
    out.emit({ router: router.name, ...status });
    out.say(`${router.name}: the deployment was cleared; the router itself was not touched.`);
    return status;
  });
  const done = outcomes.filter((outcome) => outcome !== undefined).length;
  if (routers.length > 1) out.say(`${count(done, 'router')} of ${routers.length} reset.`);
  return exitOf(outcomes.map((outcome) => outcome !== undefined));
}

async function logs(verb: Verb, [text = '']: readonly string[], options: LogsOptions): Promise<number | void> {
  const api = await verb.api();
  const router = await findRouter(api, text);
  const runId =
    options.run ?? (await api.call(listRuns, { params: { id: router.id }, query: { limit: 1 } })).items[0]?.id;
  if (runId === undefined) {
    verb.out.say(`Nothing was ever deployed to ${router.name}.`);
    return;
  }
  const { timeout: timeoutMs } = options;
  const watched =
    options.watch === true ? await watchRuns(verb, [{ runId, routerName: router.name }], { timeoutMs }) : undefined;
  await showRun(verb, runId, router.name);
  return watched;
}
