import { matchesQuery } from '@turnpike/routeros/query.js';
import type { Menu } from '../schema/menu.js';
import { atLeast } from '../schema/version.js';
import { addRow, findRows, moveRows, removeRow, setRow, setSettings, unsetProperty } from './mutations.js';
import { MASK, neededPolicy, policiesOf } from './permissions.js';
import { presentMenu, presentRow, type Printed } from './present.js';
import type { RouterState, StateChange } from './router-state.js';
import { notPermitted, RouterTrap, unknownParameter } from './router-trap.js';
import type { Row } from './table.js';

/** One command sentence taken apart. */
export interface Command {
  readonly path: string;
  readonly verb: string;
  readonly args: Readonly<Record<string, string>>;
  readonly queries: readonly string[];
}

/** Who asks, and where the answer goes. */
export interface CommandContext {
  readonly state: RouterState;
  readonly username: string;
  /** Sends one `!re`. */
  row(printed: Printed): void;
  /** Ends a command that would go on for ever. */
  readonly signal: AbortSignal;
}

export interface CommandResult {
  readonly ret?: string;
  /** A print that found nothing: `!empty` goes before `!done` from 7.18 on. */
  readonly empty?: boolean;
}

export type CommandHandler = (command: Command, context: CommandContext) => CommandResult | Promise<CommandResult>;

const PRINT_ARGS = new Set(
  '.proplist .id numbers detail brief stats count-only follow follow-only interval without-paging as-value from file append value-list'.split(
    ' ',
  ),
);

function unknownCommand(state: RouterState, path: string): RouterTrap {
  const first = path.split('/')[1] ?? '';
  const message = `no such command or directory (${first})`;
  if (!atLeast(state.version, '7.0')) return new RouterTrap(message, 0);
  return new RouterTrap(message, 0, { message: 'no such command prefix', category: 0 });
}

export function parseCommand(words: readonly string[]): Command {
  const word = words[0] ?? '';
  const slash = word.lastIndexOf('/');
  const args: Record<string, string> = {};
  for (const one of words.slice(1)) {
    if (!one.startsWith('=')) continue;
    const equals = one.indexOf('=', 1);
    if (equals < 0) args[one.slice(1)] = '';
    else args[one.slice(1, equals)] = one.slice(equals + 1);
  }
  return {
    path: slash <= 0 ? '/' : word.slice(0, slash),
    verb: word.slice(slash + 1),
    args,
    queries: words.filter((one) => one.startsWith('?')),
  };
}

function allowedArguments(menu: Menu, verb: string): (name: string) => boolean {
  const own = menu.verbs[verb]?.args ?? {};
  switch (verb) {
    case 'print':
      return (name) => PRINT_ARGS.has(name) || menu.printArgs.includes(name);
    case 'listen':
      return (name) => name === '.proplist';
    case 'add':
      return (name) => name in menu.args || (menu.ordered && name === 'place-before');
    case 'set':
      return (name) => name in menu.args || (menu.kind === 'list' && (name === '.id' || name === 'numbers'));
    case 'move':
      return (name) => ['.id', 'numbers', 'destination'].includes(name);
    case 'unset':
      return (name) => ['.id', 'numbers', 'value-name'].includes(name);
    case 'comment':
      return (name) => ['.id', 'numbers', 'comment'].includes(name);
    default:
      return (name) => name in own || name === '.id' || name === 'numbers' || name === '.proplist';
  }
}

function maskSecrets(state: RouterState, menu: Menu, printed: Printed): Printed {
  const masked = { ...printed };
  for (const name of Object.keys(masked)) {
    if (menu.args[name]?.secret === true && masked[name] !== '') masked[name] = MASK;
  }
  return masked;
}

function pickProperties(printed: Printed, proplist: string | undefined): Printed {
  if (proplist === undefined || proplist === '') return printed;
  const picked: Printed = {};
  for (const name of proplist.split(',')) {
    const value = printed[name];
    if (value !== undefined) picked[name] = value;
  }
  return picked;
}

function visible(context: CommandContext, menu: Menu, printed: Printed): Printed {
  const seesSecrets = policiesOf(context.state, context.username).has('sensitive');
  return seesSecrets ? printed : maskSecrets(context.state, menu, printed);
}

function print(menu: Menu, command: Command, context: CommandContext): CommandResult {
  const { state } = context;
  const wanted = command.args['.id'] ?? command.args['numbers'] ?? command.args['from'];
  const all =
    wanted === undefined || menu.kind === 'settings'
      ? presentMenu(state, menu.path)
      : findRows(state, menu.path, wanted).map((row) => presentRow(state, menu.path, row));
  const rows = all
    .map((row) => visible(context, menu, row))
    .filter((row) => command.queries.length === 0 || matchesQuery(command.queries, row));
  if ('count-only' in command.args) return { ret: String(rows.length) };
  for (const row of rows) context.row(pickProperties(row, command.args['.proplist']));
  return { empty: rows.length === 0 };
}

function targets(state: RouterState, menu: Menu, command: Command): Row[] {
  const numbers = command.args['.id'] ?? command.args['numbers'];
  if (numbers === undefined) {
    throw new RouterTrap(atLeast(state.version, '7.0') ? 'missing value(s) of argument(s) numbers' : 'missing =.id=');
  }
  return findRows(state, menu.path, numbers);
}

function withoutTarget(command: Command): Record<string, string> {
  const rest = { ...command.args };
  delete rest['.id'];
  delete rest['numbers'];
  return rest;
}

function refuseSelfDisable(context: CommandContext, menu: Menu, row: Row): boolean {
  return menu.path === '/user' && row.props['name'] === context.username;
}

function switchRows(menu: Menu, command: Command, context: CommandContext, disabled: string): CommandResult {
  for (const row of targets(context.state, menu, command)) {
    // The router ignores it silently when somebody disables the account he works with.
    if (disabled === 'yes' && refuseSelfDisable(context, menu, row)) continue;
    setRow(context.state, menu, row, { disabled });
  }
  return {};
}

function listen(menu: Menu, command: Command, context: CommandContext): Promise<CommandResult> {
  const { state } = context;
  return new Promise((_resolve, reject) => {
    const stop = state.onChange((change: StateChange) => {
      if (change.path !== menu.path && !(menu.path === '/interface' && change.path.startsWith('/interface/'))) return;
      if (change.row === undefined) return;
      if (change.verb === 'remove') context.row({ '.id': change.row.id, '.dead': 'true' });
      else {
        const printed = visible(context, menu, presentRow(state, menu.path, change.row));
        context.row(pickProperties(printed, command.args['.proplist']));
      }
    });
    const interrupted = (): void => {
      stop();
      reject(new RouterTrap('interrupted', 2));
    };
    if (context.signal.aborted) interrupted();
    else context.signal.addEventListener('abort', interrupted, { once: true });
  });
}

function edit(menu: Menu, command: Command, context: CommandContext): CommandResult | undefined {
  const { state } = context;
  switch (command.verb) {
    case 'add':
      return { ret: addRow(state, menu, command.args).id };
    case 'set':
      if (menu.kind === 'settings') setSettings(state, menu, command.args);
      else for (const row of targets(state, menu, command)) setRow(state, menu, row, withoutTarget(command));
      return {};
    case 'remove':
      for (const row of targets(state, menu, command)) removeRow(state, menu, row);
      return {};
    case 'enable':
      return switchRows(menu, command, context, 'no');
    case 'disable':
      return switchRows(menu, command, context, 'yes');
    case 'comment':
      for (const row of targets(state, menu, command)) {
        setRow(state, menu, row, { comment: command.args['comment'] ?? '' });
      }
      return {};
    case 'move':
      moveRows(
        state,
        menu,
        targets(state, menu, command).map((row) => row.id),
        command.args['destination'],
      );
      return {};
    case 'unset':
      for (const row of targets(state, menu, command)) {
        unsetProperty(state, menu, row, command.args['value-name'] ?? '');
      }
      return {};
    default:
      return undefined;
  }
}

/** Verbs that change the configuration; the fleet counts them. */
export const WRITING = new Set(['add', 'set', 'remove', 'enable', 'disable', 'comment', 'move', 'unset']);

/**
 * Runs one command. `special` has the commands that are more than editing a table, by `path verb`.
 * Throws RouterTrap for everything the router refuses.
 */
export async function runCommand(
  command: Command,
  context: CommandContext,
  special: ReadonlyMap<string, CommandHandler>,
): Promise<CommandResult> {
  const { state } = context;
  const menu = state.schema.menu(command.path);
  if (menu === undefined) {
    throw state.schema.isDirectory(command.path)
      ? new RouterTrap('no such command', 0)
      : unknownCommand(state, command.path);
  }
  const verb = command.verb === 'getall' ? 'print' : command.verb;
  const listens = verb === 'listen' && menu.verbs['print'] !== undefined && menu.kind === 'list';
  if (menu.verbs[verb] === undefined && !listens) {
    throw state.schema.isDirectory(`${menu.path === '/' ? '' : menu.path}/${verb}`) || menu.path !== '/'
      ? new RouterTrap('no such command', 0)
      : unknownCommand(state, `/${verb}`);
  }
  if (!policiesOf(state, context.username).has(neededPolicy(menu.path, verb))) throw notPermitted();
  const allowed = allowedArguments(menu, verb);
  if (!Object.keys(command.args).every(allowed)) throw unknownParameter();
  const handler = special.get(`${menu.path} ${verb}`);
  if (handler !== undefined) return handler({ ...command, verb }, context);
  if (verb === 'print') return print(menu, command, context);
  if (listens) return listen(menu, command, context);
  const result = edit(menu, { ...command, verb }, context);
  if (result === undefined) throw new RouterTrap('failure: not simulated');
  logChange(state, context.username, menu, verb);
  return result;
}

function logChange(state: RouterState, username: string, menu: Menu, verb: string): void {
  const what = menu.path.slice(1).replaceAll('/', ' ');
  const how = verb === 'add' ? 'added' : verb === 'remove' ? 'removed' : 'changed';
  state.log('system,info', `${what} ${how} by ${username}`);
}
