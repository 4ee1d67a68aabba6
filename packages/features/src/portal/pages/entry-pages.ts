import { html } from '../html.js';
import { badNote, field, portalForm, portalPath, type Page, type Visit } from './page.js';

/** With `code` filled in, as a voucher's QR code has it. */
export function voucherPage(visit: Visit, input: { code?: string | undefined; error?: string | undefined }): Page {
  const words = visit.words.voucher;
  const form = html`${field({
      name: 'code',
      label: words.label,
      hint: words.hint,
      value: input.code,
      autocomplete: 'off',
      capitals: true,
      maxLength: 32,
      invalid: input.error !== undefined,
    })}<button>${words.button}</button>`;
  const body = html`<h1>${words.title}</h1>
    <p class="lead">${words.lead}</p>
    ${badNote(input.error)}${portalForm(visit, 'voucher', form)}`;
  return { title: words.title, body };
}

export function signInPage(visit: Visit, input: { username?: string | undefined; error?: string | undefined }): Page {
  const words = visit.words.signIn;
  const invalid = input.error !== undefined;
  const form = html`${field({
      name: 'username',
      label: words.username,
      value: input.username,
      autocomplete: 'username',
      maxLength: 128,
      invalid,
    })}${field({
      name: 'password',
      label: words.password,
      type: 'password',
      autocomplete: 'current-password',
      maxLength: 128,
      invalid,
    })}<button>${words.button}</button>`;
  const body = html`<h1>${words.title}</h1>
    <p class="lead">${words.lead}</p>
    ${badNote(input.error)}${portalForm(visit, 'login', form)}`;
  return { title: words.title, body };
}

export interface PaidPageInput {
  readonly receipt?: string | undefined;
  readonly phone?: string | undefined;
  readonly error?: string | undefined;
}

/** For who has paid and is not online. */
export function paidPage(visit: Visit, { receipt, phone, error }: PaidPageInput): Page {
  const words = visit.words.paid;
  const invalid = error !== undefined;
  const form = html`${field({
      name: 'receipt',
      label: words.receipt,
      hint: words.receiptHint,
      value: receipt,
      autocomplete: 'off',
      capitals: true,
      maxLength: 32,
      invalid,
    })}${field({
      name: 'phone',
      label: words.phone,
      hint: words.phoneHint,
      value: phone,
      type: 'tel',
      autocomplete: 'tel',
      maxLength: 32,
      invalid,
    })}<button>${words.button}</button>`;
  const body = html`<h1>${words.title}</h1>
    <p class="lead">${words.lead}</p>
    ${badNote(error)}${portalForm(visit, 'paid', form)}
    <section class="card">
      <h2>${words.tips}</h2>
      <ul class="tips">
        <li>${words.tip1}</li>
        <li>${words.tip2} <a href="${portalPath(visit, 'login')}">${visit.words.nav.signIn}</a></li>
        <li>${words.tip3}</li>
      </ul>
    </section>`;
  return { title: words.title, body };
}
