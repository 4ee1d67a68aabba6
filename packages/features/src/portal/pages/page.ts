import { html, trusted, type Html, type HtmlValue } from '../html.js';
import { wordsIn } from '../words/in-language.js';
import { languages } from '../words/language.js';
import type { Words } from '../words/words.js';

/** What every page needs to know of its visit. */
export interface Visit {
  readonly words: Words;
  /** IANA name, for moments. */
  readonly timeZone: string;
  /** What the operator calls the network. */
  readonly name: string;
  /** How to reach people, as the operator wrote it; empty: nobody is named. */
  readonly contact: string;
  /** The style sheet. */
  readonly styles: string;
  /** Of the Content-Security-Policy. */
  readonly nonce: string;
  /** Signed; empty when the phone did not come from a router. */
  readonly state: string;
  /** Goes with every form. */
  readonly formToken: string;
  /** Path and query of this page without its language, for the link to the other one. */
  readonly here: string;
}

export interface Page {
  readonly title: string;
  readonly body: HtmlValue;
  /** Ours, run once the page is there. */
  readonly script?: string | undefined;
  /** Without JavaScript the page is fetched again after so many seconds. */
  readonly refreshSeconds?: number | undefined;
}

/** A path of the portal with the visit's state and whatever else is given. */
export function portalPath(
  visit: Pick<Visit, 'state'>,
  path: string,
  query: Readonly<Record<string, string>> = {},
): string {
  const given = new URLSearchParams(query);
  if (visit.state !== '') given.set('s', visit.state);
  const text = given.toString();
  return `/portal/${path}${text === '' ? '' : `?${text}`}`;
}

export function renderPage(visit: Visit, page: Page): string {
  const { words } = visit;
  return html`<!doctype html>
    <html lang="${words.language}">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="format-detection" content="telephone=no" />
        <title>${page.title} · ${visit.name}</title>
        <link rel="icon" href="data:," />
        <style nonce="${visit.nonce}">
          ${trusted(visit.styles)}
        </style>
        ${page.refreshSeconds !== undefined && html`<noscript><meta http-equiv="refresh" content="${page.refreshSeconds}" /></noscript>`}
      </head>
      <body>
        <a class="skip" href="#main">${words.skip}</a>
        <header class="top">
          <div class="wrap">
            <a class="brand" href="${portalPath(visit, '')}">${mark}<span>${visit.name}</span></a>
            ${languages.filter((one) => one !== words.language).map((one) => languageLink(visit, one))}
          </div>
        </header>
        <main id="main" class="wrap">${page.body}</main>
        <footer class="more"><nav class="wrap" aria-label="${words.nav.label}">${footer(visit)}</nav></footer>
        ${
          page.script !== undefined &&
          html`<script nonce="${visit.nonce}">
            ${trusted(page.script)};
          </script>`
        }
      </body>
    </html> `.toString();
}

const mark = trusted(
  '<svg width="32" height="32" viewBox="0 0 32 32" fill="none" stroke="currentColor" stroke-width="3" stroke-linecap="round" aria-hidden="true"><path d="M4 13a17 17 0 0 1 24 0M9 18.5a10 10 0 0 1 14 0"/><circle cx="16" cy="24.5" r="2.4" fill="currentColor" stroke="none"/></svg>',
);

function languageLink(visit: Visit, language: Words['language']): Html {
  const to = `${visit.here}${visit.here.includes('?') ? '&' : '?'}lang=${language}`;
  return html`<a class="lang" href="${to}" lang="${language}" hreflang="${language}">${wordsIn(language).ownName}</a>`;
}

function footer(visit: Visit): Html {
  const { nav } = visit.words;
  const links: readonly (readonly [string, string])[] = [
    ['', nav.packages],
    ['voucher', nav.voucher],
    ['login', nav.signIn],
    ['status', nav.status],
    ['paid', nav.paid],
    ['help', nav.help],
    ['terms', nav.terms],
  ];
  return html`<ul>
    ${links.map(([path, name]) => html`<li><a href="${portalPath(visit, path)}">${name}</a></li>`)}
  </ul>`;
}

/** Something that went wrong, read out at once. */
export function badNote(text: string | undefined): HtmlValue {
  return text !== undefined && html`<p class="note bad" role="alert">${text}</p>`;
}

/** A form that posts to the portal, with what the server asks of every form. */
export function portalForm(visit: Visit, path: string, inside: HtmlValue): Html {
  return html`<form method="post" action="/portal/${path}">
    <input type="hidden" name="s" value="${visit.state}" /><input
      type="hidden"
      name="token"
      value="${visit.formToken}"
    />
    ${inside}
  </form>`;
}

export interface Field {
  readonly name: string;
  readonly label: string;
  readonly hint?: string;
  readonly value?: string | undefined;
  readonly type?: 'text' | 'tel' | 'password';
  readonly autocomplete: string;
  readonly invalid?: boolean;
  readonly capitals?: boolean;
  readonly maxLength: number;
}

export function field(one: Field): Html {
  const id = `f-${one.name}`;
  const hint = one.hint === undefined ? undefined : `${id}-hint`;
  return html`<div class="field">
    <label for="${id}">${one.label}</label>
    ${hint !== undefined && html`<p class="hint" id="${hint}">${one.hint}</p>`}
    <input
      id="${id}"
      name="${one.name}"
      type="${one.type ?? 'text'}"
      value="${one.value ?? ''}"
      required
      maxlength="${one.maxLength}"
      autocomplete="${one.autocomplete}"
      autocapitalize="${one.capitals === true ? 'characters' : 'none'}"
      spellcheck="false"
      ${hint !== undefined && html` aria-describedby="${hint}"`}${one.invalid === true && html` aria-invalid="true"`}
    />
  </div>`;
}
