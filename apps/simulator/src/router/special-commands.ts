import { atLeast } from '../schema/version.js';
import type { Command, CommandContext, CommandHandler, CommandResult } from './commands.js';
import { durationMs, printDuration } from './duration.js';
import { exportText } from './export-text.js';
import { findRows } from './mutations.js';
import type { RouterState } from './router-state.js';
import { noSuchItem, RouterTrap } from './router-trap.js';
import { certificateSigned } from './side-effects.js';
import { packetsIn } from './traffic-meter.js';

/** What special commands reach beyond the tables. */
export interface Machine {
  readonly boardName: string;
  reboot(): void;
  /** Counters for `/radius/monitor`, by `.id` of the row. */
  radiusCounters(id: string): Record<string, string>;
  incomingCounters(): Record<string, string>;
  resetRadiusCounters(): void;
  /** Remembers what `/system/device-mode/update` asked for until the button is pressed. */
  requestDeviceMode(flags: Record<string, string>): void;
  hotspotLogin(args: Readonly<Record<string, string>>): Promise<void>;
}

/** Repeats monitor rows every `interval` until cancelled; `once` gives them once, without `.section`. */
async function monitor(
  command: Command,
  context: CommandContext,
  look: () => Record<string, string> | readonly Record<string, string>[],
): Promise<CommandResult> {
  const rows = (): readonly Record<string, string>[] => [look()].flat();
  if ('once' in command.args) {
    for (const row of rows()) context.row(row);
    return {};
  }
  const every = durationMs(command.args['interval'] ?? '1s') ?? 1000;
  const until = durationMs(command.args['duration'] ?? '');
  for (let section = 0; until === undefined || section * every < until; section += 1) {
    for (const row of rows()) context.row({ '.section': String(section), ...row });
    await pause(context, every);
  }
  return {};
}

function pause(context: CommandContext, ms: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const stop = (): void => {
      cancel();
      reject(new RouterTrap('interrupted', 2));
    };
    const cancel = context.state.time.after(ms, () => {
      context.signal.removeEventListener('abort', stop);
      resolve();
    });
    if (context.signal.aborted) stop();
    else context.signal.addEventListener('abort', stop, { once: true });
  });
}

function versionText(state: RouterState): string {
  return `${state.version.text} (${atLeast(state.version, '7.0') ? 'stable' : 'long-term'})`;
}

function resource(machine: Machine): CommandHandler {
  return (_command, context) => {
    const { state } = context;
    context.row({
      uptime: printDuration(Math.floor((state.time.monotonicMs() - state.bootedAtMs) / 1000) * 1000),
      version: versionText(state),
      'build-time': atLeast(state.version, '7.10') ? '2026-03-10 09:00:00' : 'mar/10/2026 09:00:00',
      'free-memory': '805306368',
      'total-memory': '1073741824',
      cpu: 'ARM64',
      'cpu-count': '4',
      'cpu-frequency': '864',
      'cpu-load': '3',
      'free-hdd-space': '95420416',
      'total-hdd-space': '134217728',
      'architecture-name': 'arm64',
      'board-name': machine.boardName,
      platform: 'MikroTik',
    });
    return {};
  };
}

async function ping(command: Command, context: CommandContext): Promise<CommandResult> {
  const count = Number(command.args['count'] ?? '4294967295');
  const every = durationMs(command.args['interval'] ?? '1s') ?? 1000;
  const host = command.args['address'] ?? '';
  for (let seq = 0; seq < count; seq += 1) {
    context.row({
      seq: String(seq),
      host,
      size: command.args['size'] ?? '56',
      ttl: '64',
      time: '1ms200us',
      sent: String(seq + 1),
      received: String(seq + 1),
      'packet-loss': '0',
      'min-rtt': '1ms200us',
      'avg-rtt': '1ms200us',
      'max-rtt': '1ms200us',
    });
    if (seq + 1 < count) await pause(context, every);
  }
  return {};
}

function execute(command: Command, context: CommandContext): CommandResult {
  const script = (command.args['script'] ?? '').trim();
  if (!('as-string' in command.args)) return { ret: '*1' };
  if (/^\/?\s*export\b/.test(script)) return { ret: exportText(context.state) };
  const put = /^:put\s+"([^"]*)"$/.exec(script);
  if (put !== null) return { ret: put[1] ?? '' };
  return { ret: script === '' ? '' : `bad command name ${script.split(/\s/)[0] ?? ''} (line 1 column 1)` };
}

function password(command: Command, context: CommandContext): CommandResult {
  const user = context.state.byName('/user', context.username);
  const next = command.args['new-password'] ?? '';
  if (user === undefined || user.props['password'] !== (command.args['old-password'] ?? '')) {
    throw new RouterTrap('failure: old password does not match');
  }
  if (next !== (command.args['confirm-new-password'] ?? '')) throw new RouterTrap('failure: passwords do not match');
  user.props['password'] = next;
  return {};
}

function sign(command: Command, context: CommandContext): CommandResult {
  const { state } = context;
  const wanted = command.args['number'] ?? '';
  const row = findRows(state, '/certificate', wanted)[0];
  if (row === undefined) throw noSuchItem();
  context.row({ '.section': '0', progress: 'started' });
  certificateSigned(state, row);
  context.row({ '.section': '1', progress: 'done' });
  return {};
}

function deviceModeUpdate(machine: Machine): CommandHandler {
  return async (command, context) => {
    const flags: Record<string, string> = {};
    for (const [name, value] of Object.entries(command.args)) {
      if (!['once', 'interval', 'duration', 'activation-timeout'].includes(name)) {
        flags[name] = value === 'yes' ? 'true' : value === 'no' ? 'false' : value;
      }
    }
    machine.requestDeviceMode(flags);
    const total = durationMs(command.args['activation-timeout'] ?? '5m') ?? 300000;
    for (let left = total; left > 0; left -= 1000) {
      const status = `please activate by turning power off or pressing reset or mode button in ${printDuration(left)}`;
      context.row({ '.section': String((total - left) / 1000), status });
      await pause(context, 1000);
    }
    return {};
  };
}

function readFile(command: Command, context: CommandContext): CommandResult {
  const row = context.state.byName('/file', command.args['file'] ?? '');
  if (row === undefined) throw noSuchItem();
  const bytes = Buffer.from(row.props['contents'] ?? '', 'utf8');
  const offset = Number(command.args['offset'] ?? '0');
  const data = bytes.subarray(offset, offset + Number(command.args['chunk-size'] ?? '32768'));
  context.row({ data: data.toString('utf8') });
  return {};
}

const logLine =
  (topics: string): CommandHandler =>
  (command, context) => {
    context.state.log(`script,${topics}`, command.args['message'] ?? '');
    return {};
  };

function notSimulated(feature: string): CommandHandler {
  return (_command, context) => {
    if (!context.state.allowedByDeviceMode(feature)) throw new RouterTrap('failure: not allowed by device-mode');
    throw new RouterTrap('failure: connection timeout');
  };
}

/** One row for each interface that was named. */
function traffic(command: Command, context: CommandContext): Promise<CommandResult> {
  const { state } = context;
  const names = (command.args['interface'] ?? '')
    .split(',')
    .map((name) => state.resolveName('/interface', name) ?? name);
  return monitor(command, context, () =>
    names.map((name) => {
      const { rxBps, txBps } = state.traffic.of(name);
      return {
        name,
        'rx-packets-per-second': String(packetsIn(rxBps / 8)),
        'rx-bits-per-second': String(rxBps),
        'tx-packets-per-second': String(packetsIn(txBps / 8)),
        'tx-bits-per-second': String(txBps),
      };
    }),
  );
}

/** Commands that are more than editing a table, by `path verb`. */
export function specialCommands(machine: Machine): ReadonlyMap<string, CommandHandler> {
  const reboot: CommandHandler = () => {
    machine.reboot();
    return {};
  };
  const radiusMonitor: CommandHandler = (command, context) => {
    const row = findRows(context.state, '/radius', command.args['.id'] ?? command.args['numbers'] ?? '')[0];
    if (row === undefined) throw noSuchItem();
    return monitor(command, context, () => machine.radiusCounters(row.id));
  };
  const resetCounters: CommandHandler = () => {
    machine.resetRadiusCounters();
    return {};
  };
  return new Map<string, CommandHandler>([
    ['/ ping', ping],
    ['/tool ping', ping],
    ['/ execute', execute],
    ['/ export', () => ({})],
    ['/ password', password],
    ['/ import', () => Promise.reject(new RouterTrap('failure: no such file'))],
    ['/tool fetch', notSimulated('fetch')],
    ['/system reboot', reboot],
    ['/system shutdown', reboot],
    ['/system/resource print', resource(machine)],
    [
      '/system/license print',
      (_command, context) => {
        context.row({ level: '4', 'system-id': 'SIMULATED' });
        return {};
      },
    ],
    ['/system/health print', () => ({ empty: true })],
    ['/system/backup save', () => ({})],
    [
      '/system/device-mode print',
      (_command, context) => {
        context.row({ ...context.state.deviceMode });
        return {};
      },
    ],
    ['/system/device-mode update', deviceModeUpdate(machine)],
    ['/radius monitor', radiusMonitor],
    ['/radius reset-counters', resetCounters],
    ['/radius/incoming monitor', (command, context) => monitor(command, context, () => machine.incomingCounters())],
    ['/radius/incoming reset-counters', resetCounters],
    ['/interface monitor-traffic', traffic],
    ['/certificate sign', sign],
    ['/file read', readFile],
    ['/log info', logLine('info')],
    ['/log warning', logLine('warning')],
    ['/log error', logLine('error')],
    ['/log debug', logLine('debug')],
    ['/ip/dns/cache flush', () => ({})],
    [
      '/ip/hotspot/active login',
      async (command) => {
        await machine.hotspotLogin(command.args);
        return {};
      },
    ],
  ]);
}
