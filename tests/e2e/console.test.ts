import { jest } from '@jest/globals';
import type { Browser } from 'playwright-core';
import { createOperator } from '@turnpike/contracts/auth.js';
import { createPackage } from '@turnpike/contracts/packages.js';
import { permissionsOfRole, roles, type Role } from '@turnpike/contracts/permissions.js';
import { openConsoleBrowser, openDesk, seriousFindings, signIn, type Desk, type Person } from './console-browser.js';
import { plantedSecret, startSystem, type System } from './system.js';

jest.setTimeout(120_000);

let system: System;
let running: System | undefined;
let browser: Browser;
const desks: Desk[] = [];

beforeAll(async () => {
  browser = await openConsoleBrowser();
  system = running = await startSystem();
}, 300_000);

afterAll(async () => {
  // Undefined when it did not start.
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
  const password = plantedSecret(role);
  const email = `${role}-${Date.now()}@example.net`;
  await system.api.call(createOperator, { body: { email, name: `The ${role}`, role, password } });
  return { email, password };
}

/** Entries of the navigation and who may see them; the same table that the API asks. */
const PAGES = [
  ['Dashboard', 'dashboard:read'],
  ['Routers', 'routers:read'],
  ['Sessions', 'sessions:read'],
  ['Customers', 'customers:read'],
  ['Packages', 'packages:read'],
  ['Vouchers', 'vouchers:read'],
  ['Payments', 'payments:read'],
  ['Ledger', 'ledger:read'],
  ['Agents', 'ledger:read'],
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
      expect(shown.map((name) => name.trim())).toEqual([...allowed, 'Settings']);
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
    body: { name, type: 'hotspot', priceMinor: 100, currency: 'KES', validForSeconds: 60, downKbps: 512, upKbps: 256 },
  });
}
