import type { SecretBox } from '@turnpike/core/secret-box.js';
import { openLogin, sealLogin, type RememberedLogin } from './login-memory.js';
import { loginTarget } from './login-target.js';
import { connectPage, type ConnectPageInput, type RouterLogin } from './pages/connect-page.js';
import type { Page } from './pages/page.js';
import { cookies, type Answer, type PortalCall } from './portal-call.js';
import type { PortalConfig } from './portal-config.js';
import { issuePass } from './portal-pass.js';
import type { PortalDeps } from './portal.routes.js';
import { routerPassword } from './router-octets.js';

export interface ScreenDeps extends PortalDeps {
  readonly config: PortalConfig;
  readonly secretBox: Pick<SecretBox, 'seal' | 'open'>;
}

interface LetIn {
  /** What the router takes; undefined: it is not known any more. */
  readonly login: { readonly username: string; readonly password: string } | undefined;
  /** What is shown for other devices. */
  readonly shown: ConnectPageInput['credentials'];
  readonly endsAt: Date | undefined;
  readonly customerId: string | undefined;
}

/** Sends the phone to its router to log in. What is sent by itself may be sent once more, see `again`. */
export async function letIn(
  call: PortalCall,
  deps: ScreenDeps,
  { login, shown, endsAt, customerId }: LetIn,
): Promise<Answer> {
  const sent = login === undefined ? undefined : await loginAtRouter(login, call, deps);
  const body = connectPage(call.visit, { login: sent, credentials: shown, endsAt, refusal: call.refusal });
  const keep = {
    ...(customerId === undefined ? {} : passOf(customerId, deps)),
    ...(login === undefined || sent === undefined ? {} : memoryOf(call, deps, { ...login, tries: 1 })),
  };
  return answerPage(body, 200, sent, keep);
}

/**
 * A router makes a new challenge whenever it shows its login page, be it to the phone's own check for the Internet: then
 * the answer to the old one is refused. Whoever comes back refused has a fresh one, and logs in with it; twice is enough.
 */
export async function again(call: PortalCall, deps: ScreenDeps): Promise<Answer | undefined> {
  if (call.refusal === undefined) return undefined;
  const known = openLogin(deps.secretBox, call.formId, call.cookies[cookies.login], deps.clock.now());
  if (known === undefined || known.tries >= MOST_TRIES) return undefined;
  const login = await loginAtRouter(known, call, deps);
  if (login === undefined) return undefined;
  const body = connectPage(call.visit, { login, credentials: undefined });
  return answerPage(body, 200, login, memoryOf(call, deps, { ...known, tries: known.tries + 1 }));
}

const MOST_TRIES = 2;

function memoryOf(call: PortalCall, deps: ScreenDeps, login: RememberedLogin): Record<string, string> {
  return { [cookies.login]: sealLogin(deps.secretBox, call.formId, login, deps.clock.now()) };
}

/** Where this phone's router takes logins, if it is one that may be trusted with them. */
export async function routerFor({ state }: PortalCall, { portal, config }: ScreenDeps): Promise<URL | undefined> {
  if (state.loginUrl === undefined) return undefined;
  const dnsNames = (await portal.place(state.nas))?.dnsNames ?? [];
  return loginTarget(state.loginUrl, { dnsNames, allowLoopback: config.allowLoopback });
}

async function loginAtRouter(
  credentials: { username: string; password: string },
  call: PortalCall,
  deps: ScreenDeps,
): Promise<RouterLogin | undefined> {
  const action = await routerFor(call, deps);
  if (action === undefined) return undefined;
  const { publicUrl } = deps.config;
  return {
    action,
    username: credentials.username,
    password: routerPassword(credentials.password, call.state.chap),
    next: `${publicUrl}/portal/status`,
    asLink: publicUrl.startsWith('https:') && action.protocol === 'http:',
  };
}

/** The address of a device is no secret, and its password empty: the router looks whether it is really this device. */
export async function rememberedLogin(call: PortalCall, deps: ScreenDeps): Promise<RouterLogin | undefined> {
  const { mac } = call.state;
  if (mac === undefined || !(await deps.portal.isRemembered(mac))) return undefined;
  return loginAtRouter({ username: mac, password: '' }, call, deps);
}

export function passOf(customerId: string, { keys, clock }: ScreenDeps): Record<string, string> {
  return { [cookies.pass]: issuePass(keys, customerId, clock.now()).pass };
}

/** A page as the answer; `login`: it has a form that leads to this router. */
export function answerPage(
  shown: Page,
  httpStatus = 200,
  login?: RouterLogin,
  keep: Readonly<Record<string, string>> = {},
): Promise<Answer> {
  return Promise.resolve({ kind: 'page', page: shown, status: httpStatus, postsTo: login?.action.origin, keep });
}
