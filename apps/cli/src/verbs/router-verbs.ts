import type { Command } from 'commander';
import { createRouter, getRouter, listRouters, routerStatuses, type RouterView } from '@turnpike/contracts/routers.js';
import { getProvisioningStatus } from '@turnpike/contracts/provisioning.js';
import { EXIT, VerbError } from './exit.js';
import { findRouter } from './find-router.js';
import type { Output } from './output.js';
import { readPages } from './pages.js';
import type { Column, Paint } from './table.js';
import { addVerb, parseCount, type Verb, type VerbHost, type VerbOptions } from './verb.js';
import { ago, when } from './words.js';

interface ListOptions extends VerbOptions {
  readonly status?: string;
  readonly deployment?: string;
  readonly site?: string;
  readonly search?: string;
  readonly limit: number;
}

interface AddOptions extends VerbOptions {
  readonly address?: string;
  readonly apiPort?: number;
  readonly username?: string;
  readonly password?: string;
  readonly passwordStdin?: boolean;
  readonly tls?: boolean;
  readonly nasAddress?: string;
  readonly site?: string;
}

/** `router list`, `show` and `add`. */
export function routerVerbs(group: Command, host: VerbHost): void {
  addVerb<ListOptions>(group, host, {
    name: 'list',
    description: 'routers, whether they are reachable and what is deployed',
    options: (command) =>
      void command
        .option('--status <status>', routerStatuses.join(', '))
        .option('--deployment <state>', 'for example active, failed, not_started')
        .option('--site <site>', 'only of this site')
        .option('--search <text>', 'part of the name')
        .option('--limit <n>', 'at most so many', parseCount, 200),
    run: listThem,
  });
  addVerb(group, host, {
    name: 'show <router>',
    description: 'one router, by name or id',
    run: show,
  });
  addVerb<AddOptions>(group, host, {
    name: 'add <name>',
    description: 'add a router; without an address the script to paste on it is printed',
    options: (command) =>
      void command
        .option('--address <address>', 'where its API is reached')
        .option('--api-port <port>', 'default 8728, 8729 with TLS', parseCount)
        .option('--username <name>', 'API user')
        .option('--password <password>', 'of the API user; better use --password-stdin')
        .option('--password-stdin', 'read the password from standard input')
        .option('--tls', 'API-SSL')
        .option('--nas-address <address>', 'source of its RADIUS packets')
        .option('--site <site>', 'where it stands'),
    run: add,
  });
}

async function listThem(verb: Verb, _args: readonly string[], options: ListOptions): Promise<void> {
  const api = await verb.api();
  const { status, deployment, site, search: q } = options;
  const parsed = listRouters.query.safeParse({ status, deployment, site, q, sort: 'name' });
  if (!parsed.success)
    throw new VerbError(
      parsed.error.issues.map(({ path, message }) => `--${path.join('.')}: ${message}`).join('\n'),
      EXIT.usage,
    );
  const filter = parsed.data;
  const { items, more } = await readPages(options.limit, (page) =>
    api.call(listRouters, { query: { ...filter, ...page } }),
  );
  verb.out.list(columnsOf(verb.out, verb.host.now()), items, 'No routers. `turnpike router add NAME` adds one.');
  if (more) verb.out.say(`There are more: --limit ${options.limit * 2} shows them.`);
}

function columnsOf({ colours }: Output, now: Date): Column<RouterView>[] {
  return [
    { title: 'name', value: ({ name }) => name, mayShrink: true },
    { title: 'status', value: ({ status }) => status, paint: ({ status }) => toneOf(status, colours) },
    { title: 'deployment', value: ({ deployment }) => deployment, paint: (row) => toneOf(row.deployment, colours) },
    { title: 'address', value: ({ address }) => address ?? '-', mayShrink: true },
    { title: 'version', value: ({ version }) => version ?? '-' },
    { title: 'site', value: ({ site }) => site ?? '-', mayShrink: true },
    { title: 'seen', value: ({ lastSeenAt }) => ago(lastSeenAt, now), align: 'right' },
  ];
}

const GOOD = new Set(['online', 'active']);
const BAD = new Set(['offline', 'failed']);

export function toneOf(state: string, colours: Output['colours']): Paint | undefined {
  if (GOOD.has(state)) return colours.good;
  if (BAD.has(state)) return colours.bad;
  return colours.warn;
}

async function show(verb: Verb, [text = '']: readonly string[]): Promise<void> {
  const api = await verb.api();
  const { id } = await findRouter(api, text);
  const [router, status] = await Promise.all([
    api.call(getRouter, { params: { id } }),
    api.call(getProvisioningStatus, { params: { id } }),
  ]);
  verb.out.thing({ ...router, provisioning: status }, [
    ['name', router.name],
    ['id', router.id],
    ['site', router.site ?? '-'],
    ['status', `${router.status}, seen ${ago(router.lastSeenAt, verb.host.now())} ago`],
    ['last error', router.lastError ?? '-'],
    ['model', `${router.model ?? '-'}, RouterOS ${router.version ?? '-'}, serial ${router.serial ?? '-'}`],
    [
      'address',
      `${router.address ?? 'waits for its bootstrap script'} port ${router.apiPort}${router.tls ? ' (TLS)' : ''}`,
    ],
    [
      'RADIUS',
      `${router.nasAddress ?? '-'}, ${router.radius.state}, last request ${when(router.radius.lastRequestAt)}`,
    ],
    ['sessions', String(router.openSessions)],
    ['deployment', router.deployment],
    ['services', serviceLines(router.deployedServices)],
    ['last run', status.runId === null ? '-' : `${status.kind ?? ''} ${status.state}, ${status.percent} %`],
  ]);
}

function serviceLines(services: readonly unknown[] | null): string {
  if (services === null || services.length === 0) return '-';
  return services.map((service) => JSON.stringify(service)).join('\n            ');
}

async function add(verb: Verb, [name = '']: readonly string[], options: AddOptions): Promise<void> {
  const api = await verb.api();
  const { address, apiPort, username: apiUsername, tls, nasAddress, site } = options;
  const apiPassword = options.passwordStdin === true ? (await verb.host.readStdin()).trimEnd() : options.password;
  const body = { name, address, apiPort, apiUsername, apiPassword, tls, nasAddress, site };
  const router = await api.call(createRouter, { body });
  verb.out.emit(router);
  verb.out.say(verb.out.colours.good(`${router.name} was added, id ${router.id}.`));
  if (router.address !== null) {
    verb.out.say(`It is dialled now: \`turnpike router show ${router.name}\` says whether it answers.`);
    return;
  }
  verb.out.say('Paste this into a terminal of the router; it calls home and is reachable then:\n');
  verb.out.say(router.bootstrapScript);
}
