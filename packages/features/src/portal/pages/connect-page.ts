import { html, type Html, type HtmlValue } from '../html.js';
import { momentText } from '../words/amounts.js';
import { badNote, portalPath, type Page, type Visit } from './page.js';

/** How the router lets the phone in. */
export interface RouterLogin {
  readonly action: URL;
  readonly username: string;
  /** As it is sent: the password itself, or the answer to the router's challenge. */
  readonly password: string;
  /** Where the router sends the phone afterwards: a page of ours. */
  readonly next: string;
  /** Browsers warn of a form that leaves HTTPS, but not of a link. */
  readonly asLink: boolean;
}

/** The form that the router's own login page would send. */
export function routerLoginForm(login: RouterLogin, button: string): Html {
  const { action, username, password, next } = login;
  if (login.asLink) {
    const link = new URL(action);
    link.search = new URLSearchParams({ username, password, dst: next }).toString();
    return html`<a class="button" id="connect" href="${link.href}">${button}</a>`;
  }
  return html`<form id="connect" method="post" action="${action.href}">
    <input type="hidden" name="username" value="${username}" /><input
      type="hidden"
      name="password"
      value="${password}"
    />
    <input type="hidden" name="dst" value="${next}" /><input type="hidden" name="popup" value="false" />
    <button>${button}</button>
  </form>`;
}

export interface ConnectPageInput {
  /** undefined: the phone is not at one of our routers. */
  readonly login: RouterLogin | undefined;
  /** Shown for other devices. */
  readonly credentials: { readonly username: string; readonly password?: string | undefined } | undefined;
  readonly endsAt?: Date | undefined;
  /** The router's words when it refused the last login: then nothing is sent again by itself. */
  readonly refusal?: string | undefined;
}

const connectScript = `var c=document.getElementById('connect');if(c.submit)c.submit();else location.replace(c.href)`;

export function connectPage(visit: Visit, { login, credentials, endsAt, refusal }: ConnectPageInput): Page {
  const words = visit.words.connect;
  const title = refusal === undefined ? words.title : words.retryTitle;
  const body = html`<h1>${title}</h1>
    ${endsAt !== undefined && html`<p class="lead">${words.until(momentText(visit.words, endsAt, visit.timeZone))}</p>`}
    ${badNote(refusal === undefined ? undefined : words.retry(refusal))}
    ${
      login === undefined
        ? html`<p>${words.nowhere}</p>`
        : html`<p>${words.lead}</p>
            ${routerLoginForm(login, words.button)}`
    }
    ${credentials !== undefined && credentialsCard(visit, credentials)}
    ${refusal !== undefined && html`<p><a href="${portalPath(visit, '', { new: '1' })}">${visit.words.failed.other}</a></p>`}`;
  const automatic = login !== undefined && refusal === undefined;
  return { title, body, script: automatic ? connectScript : undefined };
}

function credentialsCard(
  visit: Visit,
  { username, password }: NonNullable<ConnectPageInput['credentials']>,
): HtmlValue {
  const words = visit.words.connect;
  return html`<section class="card">
    <p class="soft">${words.keep}</p>
    <dl class="pairs">
      <dt>${words.username}</dt>
      <dd class="code">${username}</dd>
      ${
        password !== undefined &&
        html`<dt>${words.password}</dt>
          <dd class="code">${password}</dd>`
      }
    </dl>
  </section>`;
}
