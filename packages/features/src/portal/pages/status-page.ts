import type { MacAddress } from '@turnpike/core/mac-address.js';
import { html, type Html } from '../html.js';
import type { CustomerAccess, KnownDevice } from '../portal-access.js';
import { dataText, durationText, momentText } from '../words/amounts.js';
import { portalForm, portalPath, type Page, type Visit } from './page.js';

export interface StatusPageInput {
  /** undefined: nobody knows whose phone this is. */
  readonly access: CustomerAccess | undefined;
  readonly mac: MacAddress | undefined;
  /** A device was removed just now. */
  readonly removed: boolean;
}

export function statusPage(visit: Visit, input: StatusPageInput): Page {
  const words = visit.words.status;
  const { access } = input;
  if (access === undefined) return unknownPage(visit);
  const online = access.sessions.length > 0;
  const title = online ? words.onlineTitle : words.title;
  const body = html`<h1>${title}</h1>
    ${input.removed && html`<p class="note good" role="status">${words.removed}</p>`}
    ${access.running === undefined ? html`<p>${words.nothing}</p>` : left(visit, access, access.running)}
    ${access.sessions.length > 0 && sessions(visit, access)} ${devices(visit, input.mac, access)}
    <div class="actions">
      <a class="button quiet" href="${portalPath(visit, '', { new: '1' })}">${words.buyMore}</a>
    </div>`;
  return { title, body };
}

function unknownPage(visit: Visit): Page {
  const { status: words, nav } = visit.words;
  const body = html`<h1>${words.title}</h1>
    <p>${words.unknown}</p>
    <div class="actions">
      <a class="button" href="${portalPath(visit, 'login')}">${nav.signIn}</a>
      <a class="button quiet" href="${portalPath(visit, '')}">${nav.packages}</a>
    </div>`;
  return { title: words.title, body };
}

function left(visit: Visit, access: CustomerAccess, running: NonNullable<CustomerAccess['running']>): Html {
  const words = visit.words.status;
  const pairs = [
    [words.timeLeft, durationText(visit.words, running.secondsRemaining)],
    [words.dataLeft, running.bytesRemaining === undefined ? words.unlimited : dataText(running.bytesRemaining)],
    [words.devices, words.devicesValue(access.devicesOnline, running.devicesAllowed)],
    ...(running.endsAt === undefined
      ? []
      : [[words.until, momentText(visit.words, running.endsAt, visit.timeZone)] as const]),
  ] as const;
  return html`<p class="lead">${running.packageName}</p>
    <dl class="big">
      ${pairs.map(
        ([name, value]) =>
          html`<div>
            <dt>${name}</dt>
            <dd>${value}</dd>
          </div>`,
      )}
    </dl>`;
}

function sessions(visit: Visit, access: CustomerAccess): Html {
  const words = visit.words.status;
  return html`<section class="card">
    <h2>${words.sessions}</h2>
    <ul class="facts">
      ${access.sessions.map(
        ({ routerName, startedAt }) =>
          html`<li>${words.sessionAt(routerName, momentText(visit.words, startedAt, visit.timeZone))}</li>`,
      )}
    </ul>
  </section>`;
}

function devices(visit: Visit, mac: MacAddress | undefined, { devices: known }: CustomerAccess): Html {
  const words = visit.words.status;
  if (known.length === 0) return html`<p class="soft">${words.noDevices}</p>`;
  return html`<h2>${words.deviceList}</h2>
    <p class="soft">${words.deviceHint}</p>
    <ul class="plain">
      ${known.map((device) => html`<li class="card device">${oneDevice(visit, mac, device)}</li>`)}
    </ul>`;
}

function oneDevice(visit: Visit, mac: MacAddress | undefined, device: KnownDevice): Html {
  const words = visit.words.status;
  const name = device.name === '' ? words.noName : device.name;
  const button = html`<input type="hidden" name="device" value="${device.mac}" />
    <button class="quiet small" aria-label="${words.removeLabel(`${name} ${device.mac}`)}">${words.remove}</button>`;
  return html`<span
      ><strong>${name}</strong> ${device.online && html`<span class="tag">${words.onlineNow}</span>`} <br /><span
        class="soft code"
        >${device.mac}</span
      >${device.mac === mac && html` <span class="soft">${words.thisDevice}</span>`}</span
    >
    ${portalForm(visit, 'devices/remove', button)}`;
}
