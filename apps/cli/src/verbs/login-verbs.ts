import type { Command } from 'commander';
import { login, logout } from '@turnpike/contracts/auth.js';
import { ApiError, createApiClient } from '../api-client.js';
import { readInstance } from '../instance-file.js';
import { forgetLogin, keepLogin, readCredentials } from './credentials.js';
import { EXIT, VerbError } from './exit.js';
import { addVerb, readUrl, type Verb, type VerbHost, type VerbOptions } from './verb.js';
import { when } from './words.js';

interface LoginOptions extends VerbOptions {
  readonly email?: string;
  readonly passwordStdin?: boolean;
  readonly otp?: string;
}

/** `login` and `logout`. */
export function loginVerbs(program: Command, host: VerbHost): void {
  addVerb<LoginOptions>(program, host, {
    name: 'login',
    description: 'sign in to a server; without --url to the one that runs here',
    options: (command) =>
      void command
        .option('--email <email>', 'of the operator')
        .option('--password-stdin', 'read the password from standard input')
        .option('--otp <code>', 'code of the authenticator, with two-factor authentication'),
    run: signIn,
  });
  addVerb(program, host, {
    name: 'logout',
    description: 'end the login, here and on the server',
    run: signOut,
  });
}

async function signIn(verb: Verb, _args: readonly string[], options: LoginOptions): Promise<void> {
  const { host, out } = verb;
  const apiUrl = options.url === undefined ? (await readInstance(host.instanceFile))?.apiUrl : readUrl(options.url);
  if (apiUrl === undefined) throw new VerbError('Nothing runs here: say --url https://your.server', EXIT.usage);
  const canAsk = host.terminal.isTty && options.passwordStdin !== true;
  const email = options.email ?? (canAsk ? await host.ask('E-mail: ', { secret: false }) : '');
  if (email === '') throw new VerbError('Say --email, and --password-stdin where nobody can be asked.', EXIT.usage);
  const password = canAsk ? await host.ask('Password: ', { secret: true }) : (await host.readStdin()).trimEnd();
  const api = createApiClient(apiUrl);
  const attempt = (otp: string | undefined) => api.call(login, { body: { email, password, otp } });
  const issued = await attempt(options.otp).catch(async (error: unknown) => {
    if (!(error instanceof ApiError) || error.code !== 'second_factor_required') throw error;
    if (!canAsk) throw new VerbError('This operator has two-factor authentication: say --otp CODE as well.');
    return attempt(await host.ask('Code of the authenticator: ', { secret: false }));
  });
  await keepLogin(host.credentialsFile, apiUrl, { email, ...issued });
  out.emit({ url: apiUrl, email, expiresAt: issued.expiresAt });
  out.say(`Signed in to ${apiUrl} as ${email} until ${when(issued.expiresAt)}.`);
}

async function signOut(verb: Verb, _args: readonly string[], { url }: VerbOptions): Promise<void> {
  const { host, out } = verb;
  const { current, logins } = await readCredentials(host.credentialsFile);
  const apiUrl = url === undefined ? current : readUrl(url);
  const kept = apiUrl === null ? undefined : logins[apiUrl];
  if (apiUrl === null || kept === undefined) {
    out.say('Nobody is signed in.');
    return;
  }
  await forgetLogin(host.credentialsFile, apiUrl);
  // The token is gone from here in any case; on the server it ends by itself at the latest when it expires.
  const ended = await createApiClient(apiUrl, kept.token)
    .call(logout)
    .then(() => true)
    .catch(() => false);
  out.emit({ url: apiUrl, revoked: ended });
  out.say(
    ended
      ? `Signed out of ${apiUrl}.`
      : `Forgotten here, but ${apiUrl} could not be told: the login ends there at ${when(kept.expiresAt)}.`,
  );
}
