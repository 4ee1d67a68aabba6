import type { Socket } from 'node:net';
import { SentenceReader } from '@turnpike/routeros/wire.js';
import { atLeast } from '../schema/version.js';
import { type CommandHandler, parseCommand, runCommand, WRITING } from '../router/commands.js';
import { networkOf, ipToNumber, parsePrefix } from '../router/ipv4-text.js';
import { policiesOf } from '../router/permissions.js';
import type { RouterState } from '../router/router-state.js';
import { RouterTrap } from '../router/router-trap.js';
import type { Faults } from './faults.js';
import { SentenceWriter } from './sentence-writer.js';

/** Before login the router listens to this many sentences and no more. */
const SENTENCES_BEFORE_LOGIN = 10;

export interface ApiRouter {
  readonly state: RouterState;
  readonly faults: Faults;
  readonly commands: ReadonlyMap<string, CommandHandler>;
  /** Called with every sentence received, before it is carried out. */
  onSentence(words: readonly string[], isWrite: boolean): void;
}

/** `api` or `api-ssl`: the row of `/ip/service` that the connection came in through. */
export type ApiService = 'api' | 'api-ssl';

interface RunningCommand {
  readonly tag: string | undefined;
  readonly abort: AbortController;
}

const addressOf = (socket: Socket): string => (socket.remoteAddress ?? '').replace(/^::ffff:/, '');

/** True when the list of prefixes (`` = any) covers the address. */
export function addressAllowed(list: string | undefined, address: string): boolean {
  if (list === undefined || list === '') return true;
  const number = ipToNumber(address);
  return list.split(',').some((text) => {
    const prefix = parsePrefix(text);
    if (prefix === undefined || number === undefined) return false;
    return networkOf(prefix) === networkOf({ address: number, bits: prefix.bits });
  });
}

/** One client of the API service, from accept to close. */
export class ApiConnection {
  readonly #socket: Socket;
  readonly #router: ApiRouter;
  readonly #service: ApiService;
  readonly #writer: SentenceWriter;
  readonly #reader = new SentenceReader();
  readonly #running = new Set<RunningCommand>();
  #username: string | undefined;
  #sentences = 0;
  #sessionRow: string | undefined;
  #connectionRow: string | undefined;

  constructor(socket: Socket, router: ApiRouter, service: ApiService) {
    this.#socket = socket;
    this.#router = router;
    this.#service = service;
    this.#writer = new SentenceWriter(socket, router.faults);
    socket.on('data', (chunk: Buffer) => this.#onData(chunk));
    socket.on('error', () => socket.destroy());
    socket.on('close', () => this.#onClose());
    this.#showConnection();
  }

  /** Cuts the connection the way a fault or a reboot does. */
  cut(how: 'fin' | 'rst' | 'fatal', reason = 'session terminated'): void {
    if (how === 'rst') {
      this.#socket.resetAndDestroy();
      return;
    }
    if (how === 'fatal') this.#writer.send(['!fatal', reason]);
    void this.#writer.flushed().then(() => this.#socket.end(() => this.#socket.destroySoon()));
  }

  /** From 7.19 on `/ip/service` lists open connections as dynamic rows. */
  #showConnection(): void {
    const { state } = this.#router;
    if (!atLeast(state.version, '7.19')) return;
    const port = state.byName('/ip/service', this.#service)?.props['port'] ?? '8728';
    const row = state.table('/ip/service').insert(
      {
        name: this.#service,
        port,
        proto: 'tcp',
        connection: 'true',
        local: `${addressOf(this.#socket)}:${port}`,
        remote: `${addressOf(this.#socket)}:${this.#socket.remotePort ?? 0}`,
      },
      { dynamic: true },
    );
    this.#connectionRow = row.id;
  }

  #onClose(): void {
    const { state } = this.#router;
    for (const running of this.#running) running.abort.abort();
    if (this.#connectionRow !== undefined) state.table('/ip/service').remove(this.#connectionRow);
    if (this.#sessionRow !== undefined) {
      state.table('/user/active').remove(this.#sessionRow);
      state.log('system,info,account', `user ${this.#username ?? ''} logged out from ${this.#from()} via api`);
    }
    this.#sessionRow = undefined;
    this.#connectionRow = undefined;
  }

  #from(): string {
    return addressOf(this.#socket);
  }

  #onData(chunk: Buffer): void {
    try {
      for (const words of this.#reader.push(chunk)) this.#onSentence(words);
    } catch {
      this.#socket.destroy();
    }
  }

  #onSentence(words: readonly string[]): void {
    this.#sentences += 1;
    if (this.#username === undefined && this.#sentences > SENTENCES_BEFORE_LOGIN) {
      this.#socket.destroy();
      return;
    }
    const command = parseCommand(words);
    this.#router.onSentence(words, WRITING.has(command.verb));
    const cut = this.#router.faults.nextCut();
    if (cut?.when === 'before') {
      this.cut(cut.how);
      return;
    }
    void this.#handle(words, cut?.how);
  }

  async #handle(words: readonly string[], cutAfter: 'fin' | 'rst' | 'fatal' | undefined): Promise<void> {
    const { faults } = this.#router;
    const tag = words.findLast((word) => word.startsWith('.tag='))?.slice(5);
    if (faults.settings.delayMs > 0) await this.#wait(faults.settings.delayMs);
    const mute = cutAfter !== undefined;
    await this.#dispatch(words, tag, mute);
    if (cutAfter !== undefined) this.cut(cutAfter);
  }

  #wait(ms: number): Promise<void> {
    return new Promise((resolve) => this.#router.state.time.after(ms, resolve));
  }

  async #dispatch(words: readonly string[], tag: string | undefined, mute: boolean): Promise<void> {
    const word = words[0] ?? '';
    if (word === '/login') {
      this.#login(parseCommand(words).args, tag);
      return;
    }
    if (word === '/quit') {
      this.cut('fatal', 'session terminated on request');
      return;
    }
    if (this.#username === undefined) {
      this.cut('fatal', 'not logged in');
      return;
    }
    if (this.#router.faults.settings.neverAnswer.includes(word)) return;
    if (word === '/cancel') {
      this.#cancel(parseCommand(words).args['tag'], tag);
      return;
    }
    await this.#run(words, tag, mute);
  }

  #login(args: Readonly<Record<string, string>>, tag: string | undefined): void {
    const { state } = this.#router;
    const name = args['name'] ?? '';
    const user = state.byName('/user', name);
    const known =
      user !== undefined &&
      user.props['disabled'] !== 'true' &&
      user.props['password'] === (args['password'] ?? '') &&
      addressAllowed(user.props['address'], this.#from()) &&
      policiesOf(state, name).has('api');
    if (!known) {
      state.log('system,error,critical', `login failure for user ${name} from ${this.#from()} via api`);
      this.#writer.reply('!trap', tag, ['=message=invalid user name or password (6)']);
      this.#writer.reply('!done', tag, []);
      return;
    }
    this.#username = name;
    const when = state.time.now().toISOString().slice(0, 19).replace('T', ' ');
    const group = user.props['group'] ?? '';
    const session = { when, name, address: this.#from(), via: 'api', group, radius: 'false' };
    this.#sessionRow = state.table('/user/active').insert(session).id;
    state.log('system,info,account', `user ${name} logged in from ${this.#from()} via api`);
    this.#writer.reply('!done', tag, []);
  }

  /** The canceller is answered first, then the command that was cancelled. Without a tag all others are. */
  #cancel(target: string | undefined, tag: string | undefined): void {
    const hit = [...this.#running].filter((running) => target === undefined || running.tag === target);
    for (const running of hit) running.abort.abort();
    if (hit.length === 0 && target !== undefined) this.#writer.reply('!trap', tag, ['=message=no such command']);
    setImmediate(() => this.#writer.reply('!done', tag, []));
  }

  async #run(words: readonly string[], tag: string | undefined, mute: boolean): Promise<void> {
    const { state, commands, faults } = this.#router;
    const running: RunningCommand = { tag, abort: new AbortController() };
    this.#running.add(running);
    const say = (first: string, more: readonly string[]): void => {
      if (!mute) this.#writer.reply(first, tag, more);
    };
    try {
      const fault = faults.settings.traps.find((one) => one.command === words[0]);
      if (fault !== undefined) throw new RouterTrap(fault.message, fault.category);
      const result = await runCommand(
        parseCommand(words),
        {
          state,
          username: this.#username ?? '',
          row: (printed) =>
            say(
              '!re',
              Object.entries(printed).map(([name, value]) => `=${name}=${value}`),
            ),
          signal: running.abort.signal,
        },
        commands,
      );
      if (result.empty === true && atLeast(state.version, '7.18')) say('!empty', []);
      say('!done', result.ret === undefined ? [] : [`=ret=${result.ret}`]);
    } catch (error) {
      this.#refuse(error, say);
    } finally {
      this.#running.delete(running);
    }
  }

  #refuse(error: unknown, say: (first: string, more: readonly string[]) => void): void {
    const trap = error instanceof RouterTrap ? error : new RouterTrap(`failure: simulator: ${String(error)}`);
    for (const line of trap.lines) {
      const category = line.category === undefined ? [] : [`=category=${line.category}`];
      say('!trap', [...category, `=message=${line.message}`]);
    }
    // The done of an interrupted command comes after that of the cancel.
    if (trap.message === 'interrupted') setImmediate(() => setImmediate(() => say('!done', [])));
    else say('!done', []);
  }
}
