import { randomBytes } from 'node:crypto';
import { brandColors } from '@turnpike/core/brand-colors.js';
import { portalPath, type Page, type Visit } from './pages/page.js';
import { portalStyles } from './pages/styles.js';
import type { PortalConfig } from './portal-config.js';
import type { PortalKeys } from './portal-keys.js';
import { holderOfPass } from './portal-pass.js';
import { isFromRouter, NO_STATE, openState, signState, stateOfQuery, type PortalState } from './portal-state.js';
import { wordsIn } from './words/in-language.js';
import { parseLanguage, preferredLanguage, type Language } from './words/language.js';

export const cookies = {
  language: 'tp_lang',
  form: 'tp_form',
  purchase: 'tp_purchase',
  pass: 'tp_pass',
  login: 'tp_login',
  browser: 'tp_browser',
} as const;

/** What a request for a page brings, as far as it matters. */
export interface RawCall {
  /** Below /portal/, without a slash at either end. */
  readonly path: string;
  readonly query: Readonly<Record<string, unknown>>;
  /** Fields of a form that was posted. */
  readonly form: Readonly<Record<string, string>>;
  readonly cookies: Readonly<Record<string, string>>;
  readonly acceptLanguage: string | undefined;
  /** Of the socket's other end. */
  readonly ip: string;
  readonly requestId: string;
  readonly signal: AbortSignal;
}

/** The call understood. */
export interface PortalCall extends RawCall {
  readonly visit: Visit;
  readonly state: PortalState;
  /** Said in the query just now, so it is to be kept. */
  readonly chosenLanguage: Language | undefined;
  /** Known to this browser by a cookie; new when it had none. */
  readonly formId: string;
  /** What purchases of this browser are counted by: kept in a signed cookie; undefined when it has brought none of ours. */
  readonly browserId: string | undefined;
  /** The purchase that this browser began last. */
  readonly reference: string | undefined;
  /** Who this browser has proved to be. */
  readonly customerId: string | undefined;
  /** The router's words when it refused a login. */
  readonly refusal: string | undefined;
}

export type Answer =
  | {
      readonly kind: 'page';
      readonly page: Page;
      readonly status?: number;
      /** Origin of the router that a form of the page posts to. */
      readonly postsTo?: string | undefined;
      /** Cookies to set; empty text: to forget. */
      readonly keep?: Readonly<Record<string, string>>;
    }
  | { readonly kind: 'redirect'; readonly to: string; readonly keep?: Readonly<Record<string, string>> };

const LONGEST_REFUSAL = 200;
const REFERENCE = /^[A-Za-z0-9_-]{16,64}$/;
/** Variables of the router and what stands in every link anyway. */
const NOT_REPEATED = /^(mac|ip|nas|username|link-.*|chap-.*|error|s|lang)$/;

export interface CallDeps {
  readonly config: PortalConfig;
  readonly keys: PortalKeys;
  readonly now: Date;
}

export function understandCall(raw: RawCall, { config, keys, now }: CallDeps): PortalCall {
  const text = (value: unknown): string => (typeof value === 'string' ? value : '');
  const fromRouter = isFromRouter(raw.query);
  const given = text(raw.form['s']) || text(raw.query['s']);
  const state = fromRouter ? stateOfQuery(raw.query) : (openState(keys, given, now) ?? NO_STATE);
  const signed = state === NO_STATE ? '' : fromRouter ? signState(keys, state, now) : given;
  const chosenLanguage = parseLanguage(raw.query['lang']);
  const language =
    chosenLanguage ?? parseLanguage(raw.cookies[cookies.language]) ?? preferredLanguage(raw.acceptLanguage);
  const formId = knownFormId(raw.cookies[cookies.form]) ?? randomBytes(12).toString('base64url');
  const reference = raw.cookies[cookies.purchase];
  const refusal = text(raw.query['error']).trim().slice(0, LONGEST_REFUSAL);
  return {
    ...raw,
    state,
    chosenLanguage,
    formId,
    browserId: knownBrowser(keys, raw.cookies[cookies.browser]),
    reference: reference !== undefined && REFERENCE.test(reference) ? reference : undefined,
    customerId: holderOfPass(keys, raw.cookies[cookies.pass] ?? '', now),
    refusal: refusal === '' ? undefined : refusal,
    visit: {
      words: wordsIn(language),
      timeZone: config.timeZone,
      name: config.name,
      contact: config.contact,
      styles: portalStyles(brandColors(config.color)),
      nonce: randomBytes(12).toString('base64url'),
      state: signed,
      formToken: keys.sign('form', `${formId}.${signed}`).slice(`${formId}.${signed}.`.length),
      here: portalPath({ state: signed }, raw.path, repeated(raw.query)),
    },
  };
}

/** `false`: the form was not made by a page that we sent to this browser. */
export function isOwnForm(
  call: PortalCall,
  keys: PortalKeys,
  request: FormOrigin,
  ownHosts: readonly string[],
): boolean {
  const known = knownFormId(call.cookies[cookies.form]);
  const { site, origin } = request;
  if (site !== undefined && site !== 'same-origin' && site !== 'none') return false;
  if (origin !== undefined && !(URL.canParse(origin) && ownHosts.includes(new URL(origin).host))) return false;
  const token = call.form['token'] ?? '';
  if (known !== undefined) return keys.verify('form', `${known}.${call.form['s'] ?? ''}.${token}`) !== undefined;
  // Captive browsers may keep no cookies. Then there is nothing that another site could make use of in this browser's
  // name, and the browser itself has to say that the form is ours.
  return site === 'same-origin' || origin !== undefined;
}

export interface FormOrigin {
  /** Sec-Fetch-Site */
  readonly site: string | undefined;
  readonly origin: string | undefined;
}

/** A new one, for the cookie. */
export function newBrowser(keys: PortalKeys): string {
  return keys.sign('browser', randomBytes(12).toString('base64url'));
}

function knownBrowser(keys: PortalKeys, cookie: string | undefined): string | undefined {
  return cookie === undefined ? undefined : keys.verify('browser', cookie);
}

function knownFormId(cookie: string | undefined): string | undefined {
  return cookie !== undefined && /^[A-Za-z0-9_-]{16}$/.test(cookie) ? cookie : undefined;
}

function repeated(query: Readonly<Record<string, unknown>>): Record<string, string> {
  const kept: Record<string, string> = {};
  for (const [name, value] of Object.entries(query)) {
    if (typeof value === 'string' && value.length <= 64 && !NOT_REPEATED.test(name)) kept[name] = value;
  }
  return kept;
}
