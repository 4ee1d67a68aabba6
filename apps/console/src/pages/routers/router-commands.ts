import type { HotspotService, PppoeService, ServiceConfig } from '@turnpike/contracts/provisioning.js';
import type { listRouters } from '@turnpike/contracts/routers.js';
import type { z } from 'zod';

/** The list as it is filtered, for the command line; what it has no option for is left out. */
export function listCommand(query: z.input<typeof listRouters.query>): string {
  const options = [
    ['--status', query.status],
    ['--deployment', query.deployment],
    ['--site', query.site],
    ['--search', query.q],
  ] as const;
  const set = options.flatMap(([option, value]) => (value === undefined ? [] : [option, word(value)]));
  return ['router', 'list', ...set].join(' ');
}

export function routerCommand(verb: 'show' | 'logs', name: string, run?: string): string {
  return ['router', verb, word(name), ...(run === undefined ? [] : ['--run', run])].join(' ');
}

/** Deploys exactly these services: by options where they can say it all, else by JSON on standard input. */
export function deployCommand(name: string, services: readonly ServiceConfig[]): string {
  const start = `router deploy ${word(name)}`;
  const options = optionsOf(services);
  if (options !== undefined) return `${start} ${options.join(' ')}`;
  return `${start} --services - <<'SERVICES'\n${JSON.stringify(services, undefined, 2)}\nSERVICES`;
}

function optionsOf(services: readonly ServiceConfig[]): readonly string[] | undefined {
  const types = services.map(({ type }) => type);
  if (new Set(types).size < types.length) return undefined;
  const options: string[] = [];
  for (const service of services) {
    const own = service.type === 'hotspot' ? hotspotOptions(service) : pppoeOptions(service);
    if (own === undefined) return undefined;
    options.push(...own);
  }
  return options;
}

function hotspotOptions(service: HotspotService): string[] | undefined {
  if (!service.clientIsolation) return undefined;
  return [
    '--hotspot',
    word(service.interfaces.join(',')),
    '--gateway',
    service.gateway,
    ...(service.dnsName === undefined ? [] : ['--dns-name', service.dnsName]),
    ...(service.walledGarden.length === 0 ? [] : ['--walled-garden', service.walledGarden.join(',')]),
    ...(service.takeInterfaces ? ['--take-interfaces'] : []),
  ];
}

function pppoeOptions(service: PppoeService): string[] | undefined {
  if (service.serviceName !== DEFAULT_SERVICE_NAME) return undefined;
  return ['--pppoe', word(service.interfaces.join(',')), '--pool', service.pool];
}

const DEFAULT_SERVICE_NAME = 'turnpike';

/** As one word of a shell. */
function word(text: string): string {
  return /^[\w.,:/@-]+$/.test(text) ? text : `'${text.replaceAll("'", String.raw`'\''`)}'`;
}
