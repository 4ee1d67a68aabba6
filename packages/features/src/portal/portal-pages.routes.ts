import express, { type CookieOptions, type Request, type Response, type Router } from 'express';
import { AppError } from '@turnpike/core/app-error.js';
import { requestIdOf } from '@turnpike/runtime/http/request-id.js';
import { traceRequests } from '@turnpike/runtime/http/http-tracing.js';
import type { Logger } from '@turnpike/runtime/logger.js';
import { noTracing, type Tracing } from '@turnpike/runtime/tracing/tracing.js';
import { problemPage } from './pages/help-pages.js';
import { renderPage, type Page } from './pages/page.js';
import {
  cookies,
  isOwnForm,
  newBrowser,
  understandCall,
  type Answer,
  type PortalCall,
  type RawCall,
} from './portal-call.js';
import type { ScreenDeps } from './let-in.js';
import { notFound, screens, wait } from './portal-screens.js';
import { routerFile } from './router-pages.js';
import { durationText } from './words/amounts.js';

export interface PortalPagesDeps extends ScreenDeps {
  readonly logger: Logger;
  /** Whether an error means that a store is away. */
  readonly isUnavailable: (error: unknown) => boolean;
  /** Default: nothing is traced. */
  readonly tracing?: Tracing | undefined;
}

const PAGE_DEADLINE_MS = 15_000;
const FORM_BYTES = '16kb';
const LONGEST_COOKIE = 1_024;
const KEPT_MS: Readonly<Record<string, number>> = {
  [cookies.language]: 365 * 86_400_000,
  [cookies.form]: 86_400_000,
  [cookies.purchase]: 7 * 86_400_000,
  [cookies.pass]: 86_400_000,
  [cookies.login]: 600_000,
  [cookies.browser]: 86_400_000,
};

/** The captive portal for people, at /portal. */
export function portalPages(deps: PortalPagesDeps): Router {
  const router = express.Router();
  router.get('/router-files/:nas/:name', (request, response) => sendRouterFile(request, response, deps));
  router.use(express.urlencoded({ extended: false, limit: FORM_BYTES, parameterLimit: 20 }));
  const traced = traceRequests(deps.tracing ?? noTracing);
  router.use(async (request, response) => {
    const route = `${request.baseUrl}/${routeOf(request.path)}`;
    return traced({ request, response, route }, () => serve(request, response, deps));
  });
  return router;
}

const WAIT = /^wait\/([A-Za-z0-9_-]{16,64})$/;

/** Of pages that there are: what else is asked for may be anything. */
function routeOf(requested: string): string {
  const page = pageOf(requested);
  if (WAIT.test(page)) return 'wait/{reference}';
  return Object.hasOwn(screens, page) ? page : 'unknown';
}

function pageOf(requested: string): string {
  return requested.replace(/^\/+|\/+$/g, '').slice(0, 100);
}

async function serve(request: Request, response: Response, deps: PortalPagesDeps): Promise<void> {
  const call = understandCall(rawCall(request, response), { ...deps, now: deps.clock.now() });
  const answer = await answerTo(request, call, deps).catch((error: unknown) => problemAnswer(error, call, deps));
  for (const [name, value] of Object.entries(keptOf(call, answer, deps))) setCookie(response, name, value, deps);
  response.set({ 'Cache-Control': 'no-store', 'Referrer-Policy': 'same-origin', Vary: 'Accept-Language, Cookie' });
  if (answer.kind === 'redirect') return response.redirect(303, answer.to);
  response.set('Content-Security-Policy', policy(call.visit.nonce, answer.postsTo));
  response
    .status(answer.status ?? 200)
    .type('html')
    .send(renderPage(call.visit, answer.page));
}

async function answerTo(request: Request, call: PortalCall, deps: PortalPagesDeps): Promise<Answer> {
  const screen = screens[call.path];
  const reference = WAIT.exec(call.path)?.[1];
  if (request.method === 'GET' || request.method === 'HEAD') {
    if (reference !== undefined) return wait(reference, call, deps);
    return screen?.get === undefined ? notFound(call) : screen.get(call, deps);
  }
  if (request.method !== 'POST' || screen?.post === undefined) return notFound(call);
  const origin = { site: request.get('sec-fetch-site'), origin: request.get('origin') };
  const ownHosts = [new URL(deps.config.publicUrl).host, request.get('host') ?? ''];
  if (!isOwnForm(call, deps.keys, origin, ownHosts)) return problem(call, call.visit.words.problems.form, 403);
  return screen.post(call, deps);
}

function problemAnswer(error: unknown, call: PortalCall, { logger, isUnavailable }: PortalPagesDeps): Answer {
  const { words } = call.visit;
  if (error instanceof AppError && error.code === 'rate_limited') {
    const seconds = Math.max(60, Number(error.extra['retryAfterSeconds'] ?? 60));
    return problem(call, words.problems.limited(durationText(words, seconds)), 429);
  }
  if (isUnavailable(error) || (error instanceof AppError && error.code === 'unavailable')) {
    return problem(call, words.problems.unavailable, 503);
  }
  logger.error({ err: error, requestId: call.requestId, path: call.path }, 'a page of the portal failed');
  return problem(call, words.problems.failed, 500);
}

function problem({ visit }: PortalCall, text: string, status: number): Answer {
  const shown: Page = problemPage(visit, { text });
  return { kind: 'page', page: shown, status };
}

function rawCall(request: Request, response: Response): RawCall {
  return {
    path: pageOf(request.path),
    query: request.query,
    form: textFields(request.body),
    cookies: cookiesOf(request.get('cookie')),
    acceptLanguage: request.get('accept-language'),
    ip: request.ip ?? request.socket.remoteAddress ?? '',
    requestId: requestIdOf(request, response),
    signal: AbortSignal.timeout(PAGE_DEADLINE_MS),
  };
}

function textFields(body: unknown): Record<string, string> {
  if (typeof body !== 'object' || body === null) return {};
  const entries: [string, unknown][] = Object.entries(body);
  return Object.fromEntries(entries.filter((entry): entry is [string, string] => typeof entry[1] === 'string'));
}

function cookiesOf(header: string | undefined): Record<string, string> {
  const found: Record<string, string> = {};
  for (const part of (header ?? '').split(';')) {
    const at = part.indexOf('=');
    const name = part.slice(0, Math.max(at, 0)).trim();
    const value = part.slice(at + 1).trim();
    if (name.startsWith('tp_') && value.length <= LONGEST_COOKIE) found[name] = value;
  }
  return found;
}

function keptOf(call: PortalCall, answer: Answer, { keys }: PortalPagesDeps): Record<string, string> {
  return {
    ...(call.chosenLanguage === undefined ? {} : { [cookies.language]: call.chosenLanguage }),
    ...(call.cookies[cookies.form] === call.formId ? {} : { [cookies.form]: call.formId }),
    ...(call.browserId === undefined ? { [cookies.browser]: newBrowser(keys) } : {}),
    ...answer.keep,
  };
}

function setCookie(response: Response, name: string, value: string, { config }: PortalPagesDeps): void {
  const options: CookieOptions = {
    httpOnly: true,
    sameSite: 'lax',
    secure: config.publicUrl.startsWith('https:'),
    path: '/portal',
    maxAge: value === '' ? 0 : (KEPT_MS[name] ?? 0),
  };
  response.cookie(name, value, options);
}

/** Nothing from anywhere but this page itself; forms to us and to the one router that lets the phone in. */
function policy(nonce: string, postsTo: string | undefined): string {
  return [
    "default-src 'none'",
    `style-src 'nonce-${nonce}'`,
    `script-src 'nonce-${nonce}'`,
    "connect-src 'self'",
    'img-src data:',
    `form-action 'self'${postsTo === undefined ? '' : ` ${postsTo}`}`,
    "base-uri 'none'",
    "frame-ancestors 'none'",
  ].join('; ');
}

/** The router's own pages, for routers that fetch them. There is nothing secret in them. */
function sendRouterFile(request: Request, response: Response, { config }: PortalPagesDeps): void {
  const { nas, name } = request.params;
  const text = routerFile(String(name), { portalUrl: config.publicUrl, nas: String(nas), ...config });
  if (text === undefined) {
    response.status(404).type('text').send('There is no such file for routers.\n');
    return;
  }
  response.set('Cache-Control', 'no-cache').type('html').send(text);
}
