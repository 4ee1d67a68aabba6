import type { PortalPurchaseView } from '@turnpike/contracts/portal.js';
import { html } from '../html.js';
import { moneyText } from '../words/amounts.js';
import { badNote, portalPath, type Page, type Visit } from './page.js';

const REFRESH_SECONDS = 3;
const CHECKING_REFRESH_SECONDS = 10;

/** Asks every two seconds, and fetches the page again when there is news; a page that cannot ask is fetched again anyway. */
const pollScript = (
  reference: string,
  status: string,
): string => `(function(){var n=0;function again(){location.reload()}
function ask(){n++;if(n>150)return again();fetch('/api/v1/portal/purchases/${reference}',{cache:'no-store'})
.then(function(r){return r.json()}).then(function(p){if(p.status&&p.status!=='${status}')again();else setTimeout(ask,2000)})
.catch(function(){setTimeout(again,4000)})}
if(window.fetch)setTimeout(ask,2000);else setTimeout(again,3000)})()`;

/** While nobody knows yet whether the phone's owner pays. */
export function waitingPage(visit: Visit, purchase: PortalPurchaseView): Page {
  const words = visit.words.waiting;
  const checking = purchase.status === 'checking';
  const title = checking ? words.checkingTitle : words.title;
  const steps = html`<ol class="steps">
    <li><span>${words.first}</span></li>
    <li><span>${words.second(moneyText(purchase.amountMinor, purchase.currency))}</span></li>
    <li><span>${words.third}</span></li>
  </ol>`;
  const body = html`<div role="status">
      <h1>${title}</h1>
      <p class="lead">${purchase.packageName} · ${moneyText(purchase.amountMinor, purchase.currency)}</p>
    </div>
    ${checking ? html`<p>${words.checking}</p>` : steps}
    ${checking && html`<p class="soft">${purchase.message[visit.words.language]}</p>`}
    <div class="pulse"></div>
    <div class="actions">
      <a class="button quiet" href="${portalPath(visit, `wait/${purchase.reference}`)}">${words.again}</a>
    </div>
    <p class="soft">${words.leave}</p>`;
  return {
    title,
    body,
    script: pollScript(purchase.reference, purchase.status),
    refreshSeconds: checking ? CHECKING_REFRESH_SECONDS : REFRESH_SECONDS,
  };
}

export interface FailedPageInput {
  readonly purchase: PortalPurchaseView;
  /** Of what was to be bought; undefined: it is not on sale any more. */
  readonly packageId: string | undefined;
}

export function failedPage(visit: Visit, { purchase, packageId }: FailedPageInput): Page {
  const words = visit.words.failed;
  const body = html`<h1>${words.title}</h1>
    <p class="lead">${purchase.packageName} · ${moneyText(purchase.amountMinor, purchase.currency)}</p>
    ${badNote(purchase.message[visit.words.language])}
    <div class="actions">
      ${
        packageId !== undefined &&
        html`<a class="button" href="${portalPath(visit, 'buy', { package: packageId })}">${words.again}</a>`
      }<a class="button quiet" href="${portalPath(visit, '', { new: '1' })}">${words.other}</a>
    </div>`;
  return { title: words.title, body };
}
