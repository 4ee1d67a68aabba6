import type { PortalPackage } from '@turnpike/contracts/portal.js';
import { html, type Html } from '../html.js';
import { dataText, durationText, priceText, rateText } from '../words/amounts.js';
import { badNote, portalPath, type Page, type Visit } from './page.js';

export interface PackagesPageInput {
  readonly packages: readonly PortalPackage[];
  /** The router's words when it refused the last login. */
  readonly refusal?: string | undefined;
  /** A form that lets the device in by its address. */
  readonly remembered?: Html | undefined;
}

export function packagesPage(visit: Visit, { packages, refusal, remembered }: PackagesPageInput): Page {
  const words = visit.words.packages;
  const body = html`<h1>${words.title}</h1>
    ${badNote(refusal === undefined ? undefined : words.refused(refusal))}
    ${
      remembered !== undefined &&
      html`<section class="card">
        <p>${words.remembered}</p>
        ${remembered}
      </section>`
    }
    <p class="lead">${packages.length === 0 ? words.none : words.lead}</p>
    <ul class="plain">
      ${packages.map((one) => html`<li>${packageCard(visit, one)}</li>`)}
    </ul>
    <div class="actions">
      <a class="button quiet" href="${portalPath(visit, 'voucher')}">${words.haveVoucher}</a>
      <a class="button quiet" href="${portalPath(visit, 'login')}">${words.havePassword}</a>
    </div>`;
  return { title: words.title, body };
}

function packageCard(visit: Visit, one: PortalPackage): Html {
  const { words } = visit;
  return html`<a class="card pack" href="${portalPath(visit, 'buy', { package: one.id })}">
    <div class="row">
      <h2>${one.name}</h2>
      <span class="price">${priceText(words, one.priceMinor, one.currency)}</span>
    </div>
    ${packageFacts(visit, one)} ${one.description !== '' && html`<p class="about">${one.description}</p>`}
    <span class="button">${words.packages.buy}</span></a
  >`;
}

/** What the package gives, in words. */
export function packageFacts({ words }: Visit, one: PortalPackage): Html {
  const { terms } = words;
  const facts = [
    terms.valid(durationText(words, one.validForSeconds)),
    ...(one.onlineSeconds === null ? [] : [terms.online(durationText(words, one.onlineSeconds))]),
    one.quotaOctets === null ? terms.unlimited : terms.data(dataText(one.quotaOctets)),
    terms.speed(rateText(one.downKbps)),
    terms.devices(one.devices),
  ];
  return html`<ul class="facts">
    ${facts.map((fact) => html`<li>${fact}</li>`)}
  </ul>`;
}
