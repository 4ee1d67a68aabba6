import type { PortalPurchaseView } from '@turnpike/contracts/portal.js';
import { assertNever } from '@turnpike/core/assert-never.js';
import { parseMacAddress } from '@turnpike/core/mac-address.js';
import { parseMsisdn } from '@turnpike/core/msisdn.js';
import { PurchaseRefusal } from '../payments/purchase-refusal.js';
import { again, answerPage, letIn, passOf, rememberedLogin, routerFor, type ScreenDeps } from './let-in.js';
import { routerLoginForm } from './pages/connect-page.js';
import { paidPage, signInPage, voucherPage } from './pages/entry-pages.js';
import { helpPage, problemPage, termsPage } from './pages/help-pages.js';
import { packagesPage } from './pages/packages-page.js';
import { portalPath } from './pages/page.js';
import { phonePage } from './pages/phone-page.js';
import { statusPage } from './pages/status-page.js';
import { failedPage, waitingPage } from './pages/waiting-page.js';
import { cookies, type Answer, type PortalCall } from './portal-call.js';

export type Screen = (call: PortalCall, deps: ScreenDeps) => Promise<Answer>;

/** What each address shows; `get` changes nothing. */
export const screens: Readonly<Record<string, { readonly get?: Screen; readonly post?: Screen }>> = {
  '': { get: start },
  buy: { get: askForPhone, post: buy },
  voucher: { get: askForVoucher, post: redeem },
  login: { get: (call) => answerPage(signInPage(call.visit, {})), post: signIn },
  status: { get: status },
  'devices/remove': { post: removeDevice },
  paid: { get: (call) => answerPage(paidPage(call.visit, {})), post: findPaid },
  help: { get: help },
  terms: { get: (call) => answerPage(termsPage(call.visit)) },
};

/** Where the phone is sent while it pays, and where it comes back to. */
export async function wait(reference: string, call: PortalCall, deps: ScreenDeps): Promise<Answer> {
  const purchase = await deps.purchases.byReference(reference);
  if (purchase === undefined) return notFound(call);
  return purchaseAnswer(purchase, call, deps);
}

export function notFound({ visit }: PortalCall): Promise<Answer> {
  const { notFound: text, notFoundTitle: title } = visit.words.problems;
  return answerPage(problemPage(visit, { title, text }), 404);
}

/** The packages, or wherever this browser was when it went away. */
async function start(call: PortalCall, deps: ScreenDeps): Promise<Answer> {
  const { visit, state, reference } = call;
  const anew = call.query['new'] === '1';
  const retried = anew ? undefined : await again(call, deps);
  if (retried !== undefined) return retried;
  const resumed = reference === undefined || anew ? undefined : await resume(reference, call, deps);
  if (resumed !== undefined) return resumed;
  const [packages, remembered] = await Promise.all([
    deps.portal.packages(state.nas),
    call.refusal === undefined ? rememberedLogin(call, deps) : undefined,
  ]);
  const button = visit.words.packages.rememberedButton;
  const form = remembered === undefined ? undefined : routerLoginForm(remembered, button);
  return answerPage(packagesPage(visit, { packages, refusal: call.refusal, remembered: form }), 200, remembered);
}

/** A purchase that is under way, or paid and not used up: who comes from the router with one is not online yet. */
async function resume(reference: string, call: PortalCall, deps: ScreenDeps): Promise<Answer | undefined> {
  const purchase = await deps.purchases.byReference(reference);
  if (purchase === undefined || purchase.status === 'failed') return undefined;
  if (purchase.status !== 'paid') return { kind: 'redirect', to: portalPath(call.visit, `wait/${reference}`) };
  const runs = purchase.expiresAt === undefined || new Date(purchase.expiresAt) > deps.clock.now();
  if (!runs || (await routerFor(call, deps)) === undefined) return undefined;
  return purchaseAnswer(purchase, call, deps);
}

async function purchaseAnswer(purchase: PortalPurchaseView, call: PortalCall, deps: ScreenDeps): Promise<Answer> {
  const { visit } = call;
  switch (purchase.status) {
    case 'waiting':
    case 'checking':
      return answerPage(waitingPage(visit, purchase));
    case 'failed': {
      const { packageId } = await deps.portal.ownerOf(purchase.reference);
      return answerPage(failedPage(visit, { purchase, packageId }));
    }
    case 'paid':
      return connect(purchase, call, deps);
    default:
      return assertNever(purchase.status);
  }
}

async function connect(purchase: PortalPurchaseView, call: PortalCall, deps: ScreenDeps): Promise<Answer> {
  const { credentials, expiresAt } = purchase;
  const { customerId } = await deps.portal.ownerOf(purchase.reference);
  return letIn(call, deps, {
    login: credentials,
    shown: credentials,
    endsAt: expiresAt === undefined ? undefined : new Date(expiresAt),
    customerId,
  });
}

async function askForPhone(call: PortalCall, deps: ScreenDeps): Promise<Answer> {
  const chosen = await chosenPackage(call, deps, call.query['package']);
  return chosen === undefined ? gone(call) : answerPage(phonePage(call.visit, { chosen }));
}

async function buy(call: PortalCall, deps: ScreenDeps): Promise<Answer> {
  const { visit, state, form, ip } = call;
  const chosen = await chosenPackage(call, deps, form['package']);
  if (chosen === undefined) return gone(call);
  const phone = form['phone'] ?? '';
  const msisdn = parseMsisdn(phone);
  if (msisdn === undefined)
    return answerPage(phonePage(visit, { chosen, phone, error: visit.words.phone.invalid }), 400);
  const from = { mac: state.mac, routerId: state.nas, address: ip, browser: call.browserId };
  const wish = { packageId: chosen.id, msisdn, ...from, createdBy: 'portal', language: visit.words.language };
  try {
    const { reference } = await deps.purchases.start(wish);
    const keep = { [cookies.purchase]: reference };
    return { kind: 'redirect', to: portalPath(visit, `wait/${reference}`), keep };
  } catch (error) {
    if (!(error instanceof PurchaseRefusal)) throw error;
    if (error.code === 'not_found') return gone(call);
    const said = phonePage(visit, { chosen, phone, error: error.sentence[visit.words.language] });
    return answerPage(said, error.code === 'rate_limited' ? 429 : 409);
  }
}

async function chosenPackage(call: PortalCall, { portal }: ScreenDeps, id: unknown) {
  return (await portal.packages(call.state.nas)).find((one) => one.id === id);
}

function gone({ visit }: PortalCall): Promise<Answer> {
  return answerPage(problemPage(visit, { text: visit.words.phone.gone }), 404);
}

function askForVoucher({ visit, query }: PortalCall): Promise<Answer> {
  const code = typeof query['code'] === 'string' ? query['code'].slice(0, 32) : undefined;
  return answerPage(voucherPage(visit, { code }));
}

async function redeem(call: PortalCall, deps: ScreenDeps): Promise<Answer> {
  const { visit, state, form, ip, signal } = call;
  const typed = (form['code'] ?? '').slice(0, 64);
  const answer = await deps.vouchers.redeem(typed, { device: state.mac, address: ip, nas: state.nas }, signal);
  if (answer.kind !== 'redeemed') {
    const words = visit.words.voucher;
    const error = words[answer.kind];
    return answerPage(voucherPage(visit, { code: typed, error }), answer.kind === 'limited' ? 429 : 400);
  }
  const { customerId, code } = answer;
  const endsAt = (await deps.portal.access(customerId))?.running?.endsAt;
  return letIn(call, deps, {
    login: { username: code, password: code },
    shown: { username: code },
    endsAt,
    customerId,
  });
}

async function signIn(call: PortalCall, deps: ScreenDeps): Promise<Answer> {
  const { visit, form, ip } = call;
  const username = (form['username'] ?? '').trim().slice(0, 128);
  const words = visit.words.signIn;
  const answer = await deps.portal.signIn(username, (form['password'] ?? '').slice(0, 128), ip);
  if (answer.kind !== 'ok') return answerPage(signInPage(visit, { username, error: words[answer.kind] }), 401);
  const keep = passOf(answer.customerId, deps);
  const running = (await deps.portal.access(answer.customerId))?.running;
  if (running === undefined)
    return answerPage(signInPage(visit, { username, error: words.ended }), 200, undefined, keep);
  if ((await routerFor(call, deps)) === undefined) return { kind: 'redirect', to: portalPath(visit, 'status'), keep };
  const { customerId } = answer;
  return letIn(call, deps, { login: answer, shown: undefined, endsAt: running.endsAt, customerId });
}

async function status(call: PortalCall, deps: ScreenDeps): Promise<Answer> {
  const { visit, state } = call;
  const customerId = await whoAsks(call, deps);
  const access = customerId === undefined ? undefined : await deps.portal.access(customerId);
  const known =
    access === undefined || customerId === undefined || call.customerId !== undefined ? {} : passOf(customerId, deps);
  const forget: Record<string, string> = call.cookies[cookies.login] === undefined ? {} : { [cookies.login]: '' };
  const shown = statusPage(visit, { access, mac: state.mac, removed: call.query['removed'] === '1' });
  return answerPage(shown, 200, undefined, { ...known, ...forget });
}

/** By what this browser has proved, or by the address that accounting knows a device under. */
async function whoAsks(call: PortalCall, { portal }: ScreenDeps): Promise<string | undefined> {
  if (call.customerId !== undefined) return call.customerId;
  const bought = call.reference === undefined ? undefined : (await portal.ownerOf(call.reference)).customerId;
  return bought ?? portal.holderOfAddress(call.ip);
}

async function removeDevice(call: PortalCall, deps: ScreenDeps): Promise<Answer> {
  const { visit, form, requestId } = call;
  const mac = parseMacAddress(form['device'] ?? '');
  const customerId = await whoAsks(call, deps);
  if (mac === undefined || customerId === undefined) return { kind: 'redirect', to: portalPath(visit, 'login') };
  await deps.portal.removeDevice(customerId, mac, requestId);
  return { kind: 'redirect', to: portalPath(visit, 'status', { removed: '1' }) };
}

async function findPaid(call: PortalCall, deps: ScreenDeps): Promise<Answer> {
  const { visit, form, ip } = call;
  const receipt = (form['receipt'] ?? '').trim().slice(0, 32);
  const phone = (form['phone'] ?? '').trim().slice(0, 32);
  const words = visit.words.paid;
  if (receipt === '' || phone === '')
    return answerPage(paidPage(visit, { receipt, phone, error: words.needBoth }), 400);
  const purchase = await deps.portal.findPaid(receipt, phone, ip);
  if (purchase === undefined) return answerPage(paidPage(visit, { receipt, phone, error: words.notFound }), 404);
  const keep = { [cookies.purchase]: purchase.reference };
  return { kind: 'redirect', to: portalPath(visit, `wait/${purchase.reference}`), keep };
}

async function help({ visit, state }: PortalCall, { portal }: ScreenDeps): Promise<Answer> {
  const place = await portal.place(state.nas);
  return answerPage(helpPage(visit, { mac: state.mac, router: place?.name }));
}
