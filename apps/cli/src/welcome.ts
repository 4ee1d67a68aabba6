import pc from 'picocolors';
import type { CliContext } from './cli-context.js';
import type { Instance } from './instance-file.js';

function mpesa({ url, controlUrl }: Instance['daraja']): string {
  if (url === null) return 'not set up: start with DARAJA_URL and your credentials (README)';
  return controlUrl === undefined ? url : `stand-in at ${url}: every phone pays; steer it at ${controlUrl}`;
}

/** What is shown when everything is up. The only place where the first login is printed. */
export function welcome(instance: Instance, { layout }: CliContext, tookMs: number): string {
  const { operator, radius, daraja } = instance;
  const rows: [string, string][] = [
    ['Console', instance.consoleUrl],
    ['API', instance.apiUrl],
    ['Portal', instance.portalUrl],
    ['Documents', new URL('/api/docs', instance.apiUrl).href],
    ['RADIUS', `${radius.host}  authentication ${radius.authPort}/udp, accounting ${radius.acctPort}/udp`],
    ['M-Pesa', mpesa(daraja)],
    ['First login', `${operator.email}  ${operator.password}`],
    ['For scripts', layout.instance],
    ['Logs', layout.logs],
  ];
  const next: [string, string][] = [
    ['npm run demo', 'provision the simulated router, pay by M-Pesa (stand-in), go online, run out'],
    ['npm run status', 'what runs and how it is'],
    ['npm stop', 'stop all of it; the data stays'],
  ];
  return [
    '',
    pc.bold(`Turnpike is up after ${(tookMs / 1000).toFixed(1)} s`),
    '',
    ...rows.map(([name, text]) => `  ${name.padEnd(14)}${text}`),
    '',
    'Next',
    ...next.map(([command, text]) => `  ${command.padEnd(16)}${text}`),
    '',
  ].join('\n');
}
