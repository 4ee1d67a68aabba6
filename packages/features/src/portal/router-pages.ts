import { brandColors } from '@turnpike/core/brand-colors.js';
import { html, trusted, type Html } from './html.js';

/** What the pages on a router need to know. */
export interface RouterPagesInput {
  /** Where phones reach the portal, without a slash at the end. */
  readonly portalUrl: string;
  /** Id of the router. */
  readonly nas: string;
  /** How the operator calls the network. */
  readonly name: string;
  /** `#rrggbb` */
  readonly color: string;
}

/** RouterOS shows and takes files of at most so many bytes in `contents` without ado (print leaves longer ones out). */
export const ROUTER_FILE_BYTES = 4_000;

type RouterFile = (input: RouterPagesInput) => string;

/** `$(..)` are the router's variables (RouterOS manual, HotSpot customisation); what is missing it serves from its own. */
const files: Readonly<Record<string, RouterFile>> = {
  'login.html': loginFile,
  'rlogin.html': (input) => forwarding(input, '$(link-redirect)'),
  'redirect.html': (input) => forwarding(input, '$(link-redirect)'),
  'alogin.html': (input) => forwarding(input, '$(link-redirect)', 'You are online.', 'Uko mtandaoni.'),
  'status.html': statusFile,
  'logout.html': logoutFile,
  'error.html': errorFile,
  'errors.txt': () => ERRORS,
};

/** All of them, by name. */
export function routerFiles(input: RouterPagesInput): ReadonlyMap<string, string> {
  return new Map(Object.entries(files).map(([name, file]) => [name, file(input)]));
}

/** The file as it is put on a router; undefined when there is none of this name. */
export function routerFile(name: string, input: RouterPagesInput): string | undefined {
  return Object.hasOwn(files, name) ? files[name]?.(input) : undefined;
}

/**
 * Sends the phone to the portal with what the router knows of it. When the portal cannot be reached, who comes back finds
 * a form for username and password; the script of the router makes the answer to its challenge.
 */
function loginFile(input: RouterPagesInput): string {
  const { portalUrl, nas, name } = input;
  const sent: readonly (readonly [string, string])[] = [
    ['mac', '$(mac)'],
    ['ip', '$(ip)'],
    ['link-login-only', '$(link-login-only)'],
    ['link-orig', '$(link-orig)'],
    ['chap-id', '$(chap-id)'],
    ['chap-challenge', '$(chap-challenge)'],
    ['error', '$(error)'],
    ['nas', nas],
  ];
  return document(
    input,
    html`<h1>${name}</h1>
      <form id="p" action="${portalUrl}/portal/" method="get">
        ${sent.map(([key, value]) => html`<input type="hidden" name="${key}" value="${value}" />`)}
        <button>Continue · Endelea</button>
      </form>
      <details id="d">
        <summary>The portal does not open? · Lango halifunguki?</summary>
        <form action="$(link-login-only)" method="post" id="l">
          <input type="hidden" name="dst" value="${portalUrl}/portal/status" />
          <label for="u">Username · Jina la mtumiaji</label
          ><input id="u" name="username" autocapitalize="none" autocomplete="username" />
          <label for="w">Password · Nenosiri</label
          ><input id="w" name="password" type="password" autocomplete="current-password" />
          <button>Sign in · Ingia</button>
        </form>
      </details>
      $(if chap-id)
      <script src="/md5.js"></script>
      $(endif)
      <script>
        ${trusted(LOGIN_SCRIPT)};
      </script>`,
  );
}

/**
 * Goes on by itself, also with the news that a login was refused; but not again within half a minute without news: who comes
 * back then has found no portal.
 */
const LOGIN_SCRIPT = `var p=document.getElementById('p'),l=document.getElementById('l'),t=0,n=Date.now();
try{t=+sessionStorage.tp||0;sessionStorage.tp=n}catch(e){}
if('$(if error)1$(endif)'||n-t>30000)p.submit();else document.getElementById('d').open=true;
l.onsubmit=function(){if(window.hexMD5&&'$(chap-id)')l.password.value=hexMD5('$(chap-id)'+l.password.value+'$(chap-challenge)')}`;

function forwarding(input: RouterPagesInput, to: string, en = 'One moment.', sw = 'Subiri kidogo.'): string {
  return document(
    input,
    html`<h1>${input.name}</h1>
      <p>${en} · ${sw}</p>
      <a class="b" href="${to}">Continue · Endelea</a>`,
    html`<meta http-equiv="refresh" content="0; url=${to}" />`,
  );
}

function statusFile(input: RouterPagesInput): string {
  return document(
    input,
    html`<h1>You are online · Uko mtandaoni</h1>
      <dl>
        <dt>Time online · Muda mtandaoni</dt>
        <dd>$(uptime)</dd>
        $(if session-time-left)
        <dt>Time left · Muda uliobaki</dt>
        <dd>$(session-time-left)</dd>
        $(endif)
        <dt>Down · Ulichopakua</dt>
        <dd>$(bytes-out-nice)</dd>
        <dt>Up · Ulichopakia</dt>
        <dd>$(bytes-in-nice)</dd>
        $(if remain-bytes-total)
        <dt>Data left · Data iliyobaki</dt>
        <dd>$(remain-bytes-total-nice)</dd>
        $(endif)
      </dl>
      <a class="b" href="${input.portalUrl}/portal/status">My access · Kifurushi changu</a>
      <form action="$(link-logout)" method="post"><button class="q">Log out · Toka</button></form>`,
  );
}

function logoutFile(input: RouterPagesInput): string {
  return document(
    input,
    html`<h1>You are offline · Uko nje ya mtandao</h1>
      <p>Your package keeps running: connect again whenever you like.</p>
      <p lang="sw">Kifurushi chako kinaendelea: unganisha tena wakati wowote.</p>
      <a class="b" href="$(link-login)">Connect again · Unganisha tena</a>`,
  );
}

function errorFile(input: RouterPagesInput): string {
  return document(
    input,
    html`<h1>This did not work · Haikufaulu</h1>
      <p>$(error)</p>
      <a class="b" href="$(link-login)">Try again · Jaribu tena</a>`,
  );
}

/** The router's own texts repeat what was typed in, which then stands in the page; these do not. */
const ERRORS = `internal-error = The router has a problem. Try again in a minute.
config-error = This hotspot is not set up completely. Please tell the staff.
not-logged-in = You are not logged in.
ippool-empty = All addresses are taken. Try again in a few minutes.
shutting-down = The router is restarting. Try again in a minute.
user-session-limit = Too many devices are online. Remove one, then try again.
license-session-limit = Too many people are online here. Try again in a few minutes.
wrong-mac-username = This device is not the one of this account. Sign in with username and password.
chap-missing = The login came without the router's challenge. Try again.
invalid-username = Username and password do not fit together.
invalid-mac = This device may not use this account.
uptime-limit = The time of this package is used up. Choose a new one.
traffic-limit = The data of this package is used up. Choose a new one.
radius-timeout = The login could not be checked. Try again in a minute.
auth-in-progress = The login is being checked. Wait a moment.
radius-reply = $(error-orig)
`;

function document(input: RouterPagesInput, body: Html, head?: Html): string {
  const { fill, onFill } = brandColors(input.color);
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>${input.name}</title>
        ${head}
        <style>
          ${trusted(styles(fill, onFill))}
        </style>
      </head>
      <body>
        <main>${body}</main>
      </body>
    </html> `.toString();
}

function styles(fill: string, onFill: string): string {
  return `:root{color-scheme:light dark}body{margin:0;font:1rem/1.5 system-ui,sans-serif;background:Canvas;color:CanvasText}
main{max-width:28rem;margin:0 auto;padding:2rem 1rem}h1{font-size:1.5rem;line-height:1.25;margin:0 0 1rem}
button,.b{display:block;width:100%;box-sizing:border-box;min-height:3.25rem;padding:.8rem;margin:1rem 0;border:0;border-radius:.75rem;
background:${fill};color:${onFill};font:inherit;font-weight:600;text-align:center;text-decoration:none}
.q{background:transparent;color:inherit;border:1px solid GrayText}label{display:block;font-weight:600;margin-top:1rem}
input{width:100%;box-sizing:border-box;min-height:3rem;padding:.5rem .8rem;font:inherit;border:1px solid GrayText;border-radius:.75rem}
summary{min-height:3rem;padding:.7rem 0}dl{display:grid;grid-template-columns:1fr auto;gap:.4rem 1rem}dd{margin:0;font-weight:600}`;
}
