import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { jest } from '@jest/globals';
import type { Browser, Page } from 'playwright-core';
import { createOperator, stepUp } from '@turnpike/contracts/auth.js';
import { createPackage } from '@turnpike/contracts/packages.js';
import { permissionsOfRole, roles, type Role } from '@turnpike/contracts/permissions.js';
import { openBrowser, seriousFindings } from '@turnpike/testkit/browser.js';
import { startSimulatedRouter } from '../../apps/simulator/src/fleet.js';
import { openDesk, signIn, type Desk, type Person } from './desk.js';
import { groupOf, hostileNames } from './hostile-names.js';
import { openCustomer, openSite, sessionOf, type Site } from './site.js';
import { plantedSecret, START_MS, startSystem, type System } from './system.js';
import { until } from './until.js';

jest.setTimeout(120_000);

let system: System;
let running: System | undefined;
let browser: Browser;
let shop: Site | undefined;
const desks: Desk[] = [];
const C2B_TOKEN = randomBytes(24).toString('base64url');
const GROUPS = 50;
const PER_GROUP = 200;
/** Within this a list is filled, on a busy machine too. */
const FILLED_MS = 30_000;
const TERMS = {
  type: 'hotspot',
  priceMinor: 100,
  currency: 'KES',
  validForSeconds: 60,
  downKbps: 512,
  upKbps: 256,
} as const;

beforeAll(async () => {
  browser = await openBrowser();
  system = running = await startSystem({ DARAJA_C2B_TOKEN: C2B_TOKEN });
  shop = await openSite(system, 'shop');
  await shop.provisioned();
}, START_MS);

afterAll(async () => {
  // Undefined where it did not come so far.
  await shop?.router.stop();
  await running?.close();
  await browser.close();
});

afterEach(async () => {
  const faults = desks.flatMap((desk) => desk.faults);
  await Promise.all(desks.splice(0).map((desk) => desk.close()));
  expect(faults).toEqual([]);
});

async function sitDown(person: Person | undefined = system.operator, locale = 'en-GB'): Promise<Desk> {
  const desk = await openDesk(browser, system.origin, { ...(person === undefined ? {} : { person }), locale });
  desks.push(desk);
  return desk;
}

async function hire(role: Role): Promise<Person> {
  await system.api.call(stepUp, { body: { password: system.operator.password } });
  const password = plantedSecret(role);
  const email = `${role}-${Date.now()}@example.net`;
  await system.api.call(createOperator, { body: { email, name: `The ${role}`, role, password } });
  return { email, password };
}

/** Entries of the navigation and who may see them; the same table that the API asks. */
const PAGES = [
  ['Dashboard', 'dashboard:read'],
  ['Alerts', 'alerts:read'],
  ['Routers', 'routers:read'],
  ['Sessions', 'sessions:read'],
  ['Customers', 'customers:read'],
  ['Packages', 'packages:read'],
  ['Vouchers', 'vouchers:read'],
  ['Payments', 'payments:read'],
  ['Ledger', 'ledger:read'],
  ['Agents', 'ledger:read'],
  ['Reports', 'reports:read'],
  ['Audit', 'audit:read'],
  ['Queues', 'operations:read'],
  ['System health', 'operations:read'],
] as const;

describe('signing in', () => {
  test('a wrong password is told, the right one opens the page that was asked for, and signing out closes it', async () => {
    const desk = await openDesk(browser, system.origin);
    desks.push(desk);
    const { page } = desk;
    await desk.open('/packages');
    await page.getByLabel('E-mail').fill(system.operator.email);
    await page.getByLabel(/^Password/).fill('not this one');
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByRole('alert').getByText('the e-mail address or the password is wrong').waitFor();
    expect(await seriousFindings(page)).toEqual([]);
    await signIn(page, system.operator);
    await page.getByRole('heading', { level: 1, name: 'Packages' }).waitFor();
    // The session is where no script can read it.
    expect(await page.evaluate('document.cookie')).toBe('');
    await page.getByRole('button', { name: /^Account/ }).click();
    await page.getByRole('menuitem', { name: 'Sign out' }).click();
    await page.getByRole('button', { name: 'Sign in' }).waitFor();
    await page.reload();
    await page.getByRole('button', { name: 'Sign in' }).waitFor();
  });

  test('speaks Swahili to a browser that does, and English when that is chosen', async () => {
    const { page } = await sitDown(system.operator, 'sw-KE');
    await page.getByRole('link', { name: 'Wateja' }).click();
    await page.getByRole('heading', { level: 1, name: 'Wateja' }).waitFor();
    expect(await page.evaluate('document.documentElement.lang')).toBe('sw');
    await page.getByRole('button', { name: /^Akaunti/ }).click();
    await page.getByText('English').click();
    await page.getByRole('heading', { level: 1, name: 'Customers' }).waitFor();
    await page.reload();
    await page.getByRole('heading', { level: 1, name: 'Customers' }).waitFor();
  });
});

describe('who sees what', () => {
  test.each(roles.filter((role) => role !== 'agent'))(
    '%s sees the pages that the permission table gives',
    async (role) => {
      const { page } = await sitDown(await hire(role));
      await page.getByRole('link', { name: 'Dashboard' }).waitFor();
      const shown = await page.getByRole('navigation').getByRole('link').allInnerTexts();
      const allowed = PAGES.filter(([, needs]) => permissionsOfRole[role].has(needs)).map(([name]) => name);
      // Without the numbers that some of them carry.
      expect(shown.map((name) => /^\s*([A-Za-z ]+)/.exec(name)?.[1]?.trim())).toEqual([...allowed, 'Settings']);
    },
  );
});

describe('what changes elsewhere', () => {
  test('shows here within a second, without a click', async () => {
    const desk = await sitDown();
    await desk.open('/packages');
    await desk.page.getByRole('heading', { level: 1, name: 'Packages' }).waitFor();
    await desk.page.getByRole('status').filter({ hasText: 'Live' }).waitFor();
    const name = `Morning ${Date.now()}`;
    await newPackage(name);
    const startedMs = performance.now();
    await desk.page.getByText(name).first().waitFor();
    expect(performance.now() - startedMs).toBeLessThan(1_000);
  });

  test('is told and caught up with after the network was away', async () => {
    const desk = await sitDown();
    await desk.open('/packages');
    await desk.page.getByRole('status').filter({ hasText: 'Live' }).waitFor();
    await desk.context.setOffline(true);
    // Chromium keeps open streams when it plays offline: ended from our side they cannot be opened again.
    await desk.page.evaluate("window.dispatchEvent(new Event('offline'))");
    const name = `Evening ${Date.now()}`;
    await newPackage(name);
    await desk.context.setOffline(false);
    await desk.page.getByText(name).first().waitFor();
  });
});

async function newPackage(name: string): Promise<void> {
  await system.api.call(createPackage, {
    body: { ...TERMS, name },
  });
}

describe('what operators do all day', () => {
  test('onboards a router: address, plan, deploy with live progress, active', async () => {
    const password = plantedSecret('router');
    const router = await startSimulatedRouter({
      version: '7.22',
      name: 'corner',
      username: 'turnpike',
      password,
    });
    try {
      const { page } = await sitDown();
      await page.getByRole('link', { name: 'Routers' }).click();
      await page.getByRole('button', { name: 'Add a router' }).click();
      await page.getByLabel('Name').fill('corner');
      await page.getByLabel('I know its address').check();
      await page.getByLabel('IP address or host name').fill(router.host);
      await page.getByLabel('API port').fill(String(router.tlsPort));
      await page.getByLabel('User name on the router').fill('turnpike');
      await page.getByLabel(/^Password/).fill(password);
      await page.getByRole('button', { name: 'Add the router' }).click();
      await page.getByRole('heading', { name: 'corner answers' }).waitFor();
      await page.getByRole('link', { name: 'Go on' }).click();
      await page.getByRole('combobox', { name: 'Interfaces' }).click();
      await page.getByRole('option', { name: /ether3/ }).click();
      await page.keyboard.press('Escape');
      await page.getByRole('button', { name: 'See the plan' }).click();
      await page.getByRole('button', { name: 'Deploy', exact: true }).click();
      await page.getByRole('dialog').getByRole('button', { name: 'Deploy now' }).click();
      await page.getByRole('heading', { name: 'It is verified: services are active.' }).waitFor({ timeout: 60_000 });
      await page.getByRole('link', { name: 'Go on' }).click();
      await page.getByRole('heading', { name: 'corner is ready for customers' }).waitFor();
      expect(router.rows('/ip/hotspot')).toHaveLength(1);
      expect(await seriousFindings(page)).toEqual([]);
    } finally {
      await router.stop();
    }
  });

  test('shows on the page of a router what is wrong with it before what was, and leads there', async () => {
    const router = shop?.id ?? '';
    const at = new Date();
    const alert = {
      severity: 'critical',
      subjectKind: 'router',
      subjectId: router,
      routerId: router,
      params: { name: 'shop' },
      value: 90,
      threshold: 3,
      firstSeenAt: at,
      openedAt: at,
      lastSeenAt: at,
    };
    const { db } = system.database.database;
    await db.alert.create({ data: { ...alert, kind: 'router_wrong_secret' } });
    await db.alert.create({ data: { ...alert, kind: 'router_offline', resolvedAt: at } });
    const desk = await sitDown();
    const { page } = desk;
    await desk.open(`/routers/${router}`);
    const shown = page.getByRole('listitem').filter({ hasText: 'Critical' });
    await shown.filter({ hasText: 'Over' }).waitFor();
    expect(await shown.getByRole('link').allInnerTexts()).toEqual([
      'shop sends RADIUS packets with a wrong secret',
      'shop has been offline for 90 minutes',
    ]);
    expect(await seriousFindings(page)).toEqual([]);
    await shown.getByRole('link').first().click();
    await page.getByRole('heading', { level: 1, name: 'shop sends RADIUS packets with a wrong secret' }).waitFor();
  });

  test('disconnects a session and sees it close', async () => {
    const customer = await openCustomer(system);
    const { username, password } = customer;
    expect(await shop?.router.phone().login({ username, password })).toMatchObject({ online: true });
    const { page } = await sitDown();
    await page.getByRole('link', { name: 'Sessions' }).click();
    await page.getByLabel(`Select ${customer.username}`).check();
    await page.getByRole('button', { name: 'Disconnect', exact: true }).click();
    await page.getByRole('button', { name: 'Disconnect 1 session' }).click();
    await page.getByText('Done: the router confirmed').waitFor();
    await page.getByRole('button', { name: 'Close', exact: true }).click();
    await page.getByLabel(`Select ${customer.username}`).waitFor({ state: 'detached' });
    await sessionOf(system, customer, 'closed', 10_000);
  });

  test('opens a session from the list, sees what it has used, disconnects it there and sees it end', async () => {
    const customer = await openCustomer(system);
    const phone = shop?.router.phone();
    expect(await phone?.login(customer)).toMatchObject({ online: true });
    const session = phone?.session;
    session?.setBrowsing(false);
    session?.transfer({ up: 0, down: 3_010_000_000 });
    await session?.report();
    await until('the usage being counted', FILLED_MS, async () => {
      const { outputOctets } = await sessionOf(system, customer, 'open', FILLED_MS);
      return outputOctets === '0' ? undefined : true;
    });
    const { page } = await sitDown();
    await page.getByRole('link', { name: 'Sessions' }).click();
    await page.getByRole('link', { name: customer.username, exact: true }).click();
    await page.getByRole('heading', { level: 1, name: customer.username }).waitFor();
    await page.getByRole('definition').filter({ hasText: '3.0 GB' }).waitFor();
    expect(await seriousFindings(page)).toEqual([]);
    session?.transfer({ up: 0, down: 2_000_000_000 });
    await page.getByRole('button', { name: 'Disconnect', exact: true }).click();
    await page.getByRole('button', { name: 'Disconnect 1 session' }).click();
    await page.getByText('Done: the router confirmed').waitFor();
    await page.getByRole('button', { name: 'Close', exact: true }).click();
    await page.getByRole('definition').filter({ hasText: 'an order of ours' }).waitFor();
    // What it used after the last report came with its end.
    await page.getByRole('definition').filter({ hasText: '5.0 GB' }).waitFor();
    // There is nothing left to disconnect.
    expect(await page.getByRole('button', { name: 'Disconnect', exact: true }).isEnabled()).toBe(false);
    expect(phone?.online).toBe(false);
  });

  test('makes vouchers and gets the sheet to print', async () => {
    await newPackage('Card hour');
    const desk = await sitDown();
    await desk.open('/vouchers/new');
    const { page } = desk;
    await page.getByRole('combobox', { name: 'Package' }).click();
    await page.getByRole('option', { name: /Card hour/ }).click();
    await page.getByLabel('How many').fill('12');
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('button', { name: 'Make 12 vouchers' }).click(),
    ]);
    const file = await readFile(await download.path());
    expect(file.subarray(0, 5).toString()).toBe('%PDF-');
    await page.getByRole('heading', { name: 'The vouchers are made' }).waitFor();
    await page.getByRole('link', { name: 'To the batches' }).click();
    await page.getByText('12 unused').waitFor();
  });

  test('decides a payment that fits nothing: into the books, out of the list', async () => {
    const phone = '254700000777';
    const confirmation = {
      TransID: 'SGR7REVIEW',
      TransTime: '20261123120000',
      TransAmount: '70.00',
      BusinessShortCode: '600000',
      BillRefNumber: 'nobody knows',
      MSISDN: phone,
    };
    const told = await fetch(`${system.origin}/api/v1/payments/mpesa/confirmation/${C2B_TOKEN}`, {
      method: 'POST',
      body: JSON.stringify(confirmation),
    });
    expect(told.status).toBe(200);
    const desk = await sitDown();
    await desk.open('/payments/review');
    const { page } = desk;
    const row = page.getByRole('row').filter({ hasText: 'SGR7REVIEW' });
    await row.getByRole('button', { name: 'Decide' }).click();
    await page.getByRole('dialog').getByLabel('Why').fill('the customer rang, it is for his wallet');
    await page
      .getByRole('dialog')
      .getByRole('button', { name: /Book as paid|It is paid/ })
      .last()
      .click();
    // The password once more, for money.
    await page
      .getByRole('dialog', { name: 'Is it you?' })
      .getByLabel(/^Password/)
      .fill(system.operator.password);
    await page.getByRole('button', { name: 'Go on' }).click();
    await page.getByText('Booked as paid.').waitFor();
    await row.waitFor({ state: 'detached' });
  });
});

describe('names that are meant to break out', () => {
  test('10,000 of them are stored, listed and searched as text: nothing of them runs', async () => {
    const names = hostileNames(GROUPS, PER_GROUP);
    await system.database.database.db.package.createMany({
      data: names.map((name) => ({ ...TERMS, name, description: name, visibility: 'hidden' })),
    });
    const desk = await sitDown();
    const { page } = desk;
    // Whole pages of the most that the API gives, so that it takes a click less in two hundred.
    await desk.context.route(/\/api\/v1\/packages\?/, (route) => {
      const url = new URL(route.request().url());
      url.searchParams.set('limit', String(PER_GROUP));
      return route.continue({ url: url.href });
    });
    await desk.open('/packages');
    const search = page.getByRole('search').getByLabel('Name or description');
    for (let group = 0; group < GROUPS; group += 1) {
      await search.fill(groupOf(group));
      const shown = await linksOf(page, groupOf(group), PER_GROUP);
      expect(shown).toEqual(new Set(names.slice(group * PER_GROUP, (group + 1) * PER_GROUP)));
    }
    expect(await page.evaluate('globalThis.brokenOut')).toBeUndefined();
    expect(
      await page.locator('main').locator('img, iframe, script, object, math, a[href^="javascript:"]').count(),
    ).toBe(0);
    await page.keyboard.press('Control+k');
    await page.getByRole('combobox', { name: 'Search' }).fill(`${groupOf(0)}0 <img`);
    await page.getByRole('option', { name: names[0] ?? '' }).click();
    await page.getByRole('heading', { level: 1, name: names[0] ?? '' }).waitFor();
    expect(await page.evaluate('globalThis.brokenOut')).toBeUndefined();
  }, 300_000);
});

/** Texts of the links that begin so, once there are so many; asked of the page in one go, for there are ten thousand. */
async function linksOf(page: Page, start: string, count: number): Promise<ReadonlySet<unknown>> {
  const links = `[...document.querySelectorAll('main a')].map(({ innerText }) => innerText)
    .filter((text) => text.startsWith(${JSON.stringify(start)}))`;
  return until(`${count} links that begin with ${start}`, FILLED_MS, async () => {
    const texts: unknown = await page.evaluate(links);
    return Array.isArray(texts) && texts.length >= count ? new Set<unknown>(texts) : undefined;
  });
}
