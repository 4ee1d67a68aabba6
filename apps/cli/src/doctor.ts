import { statfs } from 'node:fs/promises';
import { freemem, userInfo } from 'node:os';
import { describePortHolder } from '@turnpike/stores/port-holder.js';
import { isPortFree } from '@turnpike/stores/ports.js';
import { runProgram } from '@turnpike/stores/run-program.js';
import pc from 'picocolors';
import type { CliContext } from './cli-context.js';
import { judge, type Finding } from './finding.js';
import { portWishes } from './port-wishes.js';
import { socketBufferFindings } from './socket-buffers.js';

const MIB = 1024 * 1024;

async function machineFindings({ layout }: CliContext): Promise<Finding[]> {
  const disk = await statfs(layout.data).catch(() => statfs('/tmp'));
  const diskMib = Math.floor((disk.bavail * disk.bsize) / MIB);
  const memoryMib = Math.floor(freemem() / MIB);
  return [
    { level: 'ok', text: `Node ${process.versions.node}` },
    judge(
      memoryMib > 700,
      `${memoryMib} MiB of memory free`,
      'hint',
      'close something: the whole system takes about 700 MiB',
    ),
    judge(diskMib > 500, `${diskMib} MiB of disk free`, 'bad', `free some below ${layout.data} or set TURNPIKE_DATA`),
    ...(await socketBufferFindings()),
    accountFinding(),
  ];
}

function accountFinding(): Finding {
  const uid = String(process.getuid?.());
  try {
    return { level: 'ok', text: `user ${userInfo().username} (${uid})` };
  } catch {
    const remedy = `echo "turnpike:x:${uid}:${uid}::/tmp:/bin/sh" | sudo tee -a /etc/passwd`;
    return { level: 'bad', text: `user id ${uid} has no entry in /etc/passwd`, remedy };
  }
}

async function portFindings(context: CliContext): Promise<Finding[]> {
  const running = (await context.pm2.list()).length > 0;
  if (running) return [{ level: 'ok', text: 'ports: Turnpike runs' }];
  const nothing = { postgres: false, redisDurable: false, redisCache: false, processes: false };
  return Promise.all(
    portWishes(context.config, nothing).map(async (wish) => {
      const text = `${wish.protocol} port ${wish.port} (${wish.title})`;
      if (await isPortFree(wish)) return { level: 'ok', text: `${text} is free` } as const;
      const holder = (await describePortHolder(wish.protocol, wish.port)) ?? 'nobody, but it may not be used';
      const remedy =
        wish.variable === undefined ? 'nothing to do: the next free one is used' : `set another ${wish.variable}`;
      return {
        level: wish.variable === undefined ? 'hint' : 'bad',
        text: `${text} is taken by ${holder}`,
        remedy,
      } as const;
    }),
  );
}

const TOOLS: readonly (readonly [name: string, args: readonly string[], remedy: string])[] = [
  ['redis-server', ['--version'], 'sudo apt-get install redis-server   (not needed: `npm start` fetches a copy)'],
  ['git', ['--version'], 'sudo apt-get install git'],
  ['k6', ['version'], 'https://grafana.com/docs/k6/latest/set-up/install-k6/   (only for the HTTP load tests)'],
  ['go', ['version'], 'sudo apt-get install golang-go   (only to build k6 yourself)'],
  [
    'radclient',
    ['-v'],
    'sudo apt-get install freeradius-utils   (only for the tests against an independent RADIUS client)',
  ],
];

async function toolFindings({ config }: CliContext): Promise<Finding[]> {
  return Promise.all(
    TOOLS.map(async ([name, args, remedy]) => {
      const { status } = await runProgram(name, args, { env: config.bareEnvironment, timeoutMs: 10_000 });
      return judge(status !== null, name, 'hint', remedy);
    }),
  );
}

/** Looks over the machine and says how to mend each finding; false when a start could not succeed. */
export async function doctor(context: CliContext): Promise<boolean> {
  const groups = [machineFindings(context), portFindings(context), toolFindings(context)];
  const findings = (await Promise.all(groups)).flat();
  const marks = { ok: pc.green('ok  '), hint: pc.yellow('hint'), bad: pc.red('bad ') };
  for (const { level, text, remedy } of findings) {
    context.write(`${marks[level]}  ${text}\n${remedy === undefined ? '' : `      ${remedy}\n`}`);
  }
  const bad = findings.filter(({ level }) => level === 'bad').length;
  context.write(`${bad === 0 ? 'Turnpike can run here' : `${bad} to mend before Turnpike can run here`}\n`);
  return bad === 0;
}
