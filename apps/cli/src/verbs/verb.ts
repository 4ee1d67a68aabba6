import type { Command } from 'commander';
import { InvalidArgumentError } from 'commander';
import { type ApiClient, ApiError, createApiClient } from '../api-client.js';
import { type Instance, readInstance } from '../instance-file.js';
import { apiUrlOf, readCredentials } from './credentials.js';
import { EXIT, VerbError } from './exit.js';
import { createOutput, type Output, type Terminal } from './output.js';

/** What verbs need of the machine they run on. */
export interface VerbHost {
  readonly terminal: Terminal;
  /** `instance.json` of the system that runs here. */
  readonly instanceFile: string;
  readonly credentialsFile: string;
  /** Calls back on Ctrl-C until it is told to stop. */
  readonly onInterrupt: (listener: () => void) => () => void;
  readonly readStdin: () => Promise<string>;
  /** Asks the person at the terminal; `secret`: what is typed is not shown. */
  readonly ask: (question: string, options: { secret: boolean }) => Promise<string>;
  readonly setExit: (code: number) => void;
  readonly now: () => Date;
}

export interface VerbOptions {
  readonly json?: boolean;
  readonly url?: string;
}

/** What every verb works with. */
export interface Verb {
  readonly host: VerbHost;
  readonly out: Output;
  /** Made when it is first wanted: some verbs work without a server. */
  readonly api: () => Promise<ApiClient>;
}

export interface VerbSpec<Options extends VerbOptions> {
  /** With its arguments, for example `show <router>`. */
  readonly name: string;
  readonly description: string;
  readonly options?: (command: Command) => void;
  /** Gives the exit code when it is not 0. */
  readonly run: (verb: Verb, args: readonly string[], options: Options) => Promise<number | void>;
}

export function addVerb<Options extends VerbOptions>(parent: Command, host: VerbHost, spec: VerbSpec<Options>): void {
  const command = parent.command(spec.name).description(spec.description);
  spec.options?.(command);
  command.option('--json', 'one JSON value a line, for programs').option('--url <url>', 'the server to talk to');
  command.action(async () => {
    const options = command.opts<Options>();
    const verb = verbOf(host, options);
    try {
      host.setExit((await spec.run(verb, command.args, options)) ?? EXIT.done);
    } catch (error) {
      host.setExit(explain(error, verb.out));
    }
  });
}

/** A command whose verbs follow it, such as `router list`. */
export function addGroup(program: Command, name: string, description: string): Command {
  return program.command(name).description(description);
}

function verbOf(host: VerbHost, options: VerbOptions): Verb {
  const out = createOutput(host.terminal, options.json === true);
  let made: Promise<ApiClient> | undefined;
  const api = (): Promise<ApiClient> => {
    made ??= connect(host, options.url);
    return made;
  };
  return { host, out, api };
}

/** The server that was named, else the one signed in to last, else the one that runs here. */
async function connect(host: VerbHost, url: string | undefined): Promise<ApiClient> {
  const [{ current, logins }, instance] = await Promise.all([
    readCredentials(host.credentialsFile),
    readInstance(host.instanceFile),
  ]);
  const apiUrl = url === undefined ? (current ?? instance?.apiUrl) : readUrl(url);
  if (apiUrl === undefined) {
    throw new VerbError('Nothing runs here and nobody is signed in: `npm start`, or `turnpike login --url URL`.');
  }
  const token = logins[apiUrl]?.token ?? tokenOf(instance, apiUrl);
  if (token === undefined) throw new VerbError(`Not signed in to ${apiUrl}: \`turnpike login --url ${apiUrl}\`.`);
  return createApiClient(apiUrl, token);
}

function tokenOf(instance: Instance | undefined, apiUrl: string): string | undefined {
  return instance?.apiUrl === apiUrl ? instance.apiToken : undefined;
}

export function readUrl(text: string): string {
  try {
    return apiUrlOf(text);
  } catch {
    throw new VerbError(`${text} is not the address of a server; try https://turnpike.example.net`, EXIT.usage);
  }
}

/** Says why a verb failed; gives its exit code. */
function explain(error: unknown, out: Output): number {
  const { bad, dim } = out.colours;
  if (error instanceof ApiError) {
    out.complain(bad(error.message));
    for (const { path, message } of error.issues) out.complain(`  ${path}: ${message}`);
    out.complain(dim(`code ${error.code}${error.requestId === '' ? '' : `, request ${error.requestId}`}`));
    if (error.status === 401) out.complain('Sign in (again) with `turnpike login`.');
    return EXIT.failed;
  }
  if (error instanceof VerbError) {
    if (error.message !== '') out.complain(error.exit === EXIT.detached ? error.message : bad(error.message));
    return error.exit;
  }
  out.complain(bad(reasonOf(error)));
  return error instanceof Error && error.name === 'TimeoutError' ? EXIT.timedOut : EXIT.failed;
}

/** `fetch failed` says nothing; what made it fail does. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (error.name === 'TimeoutError') return 'The server did not answer in time: look at its health and try again.';
  const cause = error.cause instanceof Error ? error.cause : undefined;
  if (error.message !== 'fetch failed') return error.message;
  const why = cause === undefined || cause.message === '' ? 'no answer' : cause.message;
  return `The server cannot be reached (${why}). Is it running? \`turnpike status\` says so for the one on this machine.`;
}

const UNITS: Readonly<Record<string, number>> = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000 };

/** `120s`, `2m`, `500ms`; a bare number is seconds. Gives ms. */
export function parseDuration(text: string): number {
  const match = /^(\d+)(ms|s|m|h)?$/.exec(text);
  if (match === null) throw new InvalidArgumentError('must be a time such as 120s or 2m');
  return Number(match[1]) * (UNITS[match[2] ?? 's'] ?? 1_000);
}

/** A whole number of at least 1. */
export function parseCount(text: string): number {
  if (!/^[1-9]\d{0,8}$/.test(text)) throw new InvalidArgumentError('must be a whole number of at least 1');
  return Number(text);
}

/** Comma separated words. */
export function parseWords(text: string): string[] {
  return text.split(',').flatMap((word) => (word.trim() === '' ? [] : [word.trim()]));
}
