import type { PortalPackage } from '@turnpike/contracts/portal.js';
import { html } from '../html.js';
import { priceText } from '../words/amounts.js';
import { packageFacts } from './packages-page.js';
import { badNote, field, portalForm, portalPath, type Page, type Visit } from './page.js';

export interface PhonePageInput {
  readonly chosen: PortalPackage;
  /** As it was typed. */
  readonly phone?: string | undefined;
  readonly error?: string | undefined;
}

export function phonePage(visit: Visit, { chosen, phone, error }: PhonePageInput): Page {
  const words = visit.words.phone;
  const price = priceText(visit.words, chosen.priceMinor, chosen.currency);
  const form = html`<input type="hidden" name="package" value="${chosen.id}" />
    ${field({
      name: 'phone',
      label: words.label,
      hint: words.hint,
      value: phone,
      type: 'tel',
      autocomplete: 'tel',
      maxLength: 32,
      invalid: error !== undefined,
    })}
    <button>${words.button(price)}</button>`;
  const body = html`<h1>${words.title}</h1>
    <section class="card">
      <div class="row">
        <h2>${chosen.name}</h2>
        <span class="price">${price}</span>
      </div>
      ${packageFacts(visit, chosen)}
    </section>
    ${badNote(error)} ${portalForm(visit, 'buy', form)}
    <p class="soft">${words.what}</p>
    <p><a href="${portalPath(visit, '')}">${words.change}</a></p>`;
  return { title: words.title, body };
}
