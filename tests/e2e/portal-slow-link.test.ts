import type { Browser, Page } from 'playwright-core';
import { openBrowser, slowDown } from '@turnpike/testkit/browser.js';
import { openPortalRig, type PortalRig } from '../../packages/features/src/portal/portal-rig.js';

/** A crowded cell: bits each second down and up, and ms until an answer begins. */
const SLOW = { down: 400_000 / 8, up: 400_000 / 8, latencyMs: 400 };
/** A new connection costs a turn as well, which the browser does not pretend. */
const READABLE_MS = 2_000;
const NEWS_MS = 5_000;

let rig: PortalRig;
let browser: Browser;
let page: Page;
let packageId: string;

beforeAll(async () => {
  [rig, browser] = await Promise.all([openPortalRig(), openBrowser()]);
  packageId = await rig.hotspotPackage('Day');
  page = await browser.newPage({ locale: 'en' });
  // A cheap phone.
  await slowDown(page, { cpu: 4 });
}, 90_000);

afterAll(async () => {
  await browser.close();
  await rig.close();
}, 60_000);

async function waiting() {
  const { reference } = await rig.purchases.start({ packageId, msisdn: '0712345678', createdBy: 'portal' });
  return { reference, url: `${rig.url}/portal/wait/${reference}` };
}

/** ms from the click until words are to be seen. */
async function firstWords(): Promise<number> {
  const seen: unknown = await page.evaluate(`new Promise((done) => new PerformanceObserver((list) => {
    const paint = list.getEntriesByName('first-contentful-paint')[0];
    if (paint) done(paint.startTime);
  }).observe({ type: 'paint', buffered: true }))`);
  return Number(seen);
}

/** Octets on the wire of all that the page has fetched, headers included, and how many things that were. */
async function weight(): Promise<{ octets: number; things: number }> {
  const sizes: unknown = await page.evaluate(`performance.getEntriesByType('navigation')
    .concat(performance.getEntriesByType('resource')).map((entry) => entry.transferSize)`);
  const all = Array.isArray(sizes) ? sizes.map(Number) : [];
  return { octets: all.reduce((sum, one) => sum + one, 0), things: all.length };
}

describe('while it pays, a phone on a slow link', () => {
  test('reads what to do within two seconds of the answer to the form, in one piece of less than 10 kB', async () => {
    const { url } = await waiting();
    await slowDown(page, { link: SLOW });
    await page.goto(url);
    expect(await firstWords()).toBeLessThan(READABLE_MS);
    const { octets, things } = await weight();
    expect(things).toBe(1);
    expect(octets).toBeLessThan(10_000);
  }, 60_000);

  test('asks for news with little, and sees within five seconds that it is paid', async () => {
    const { url, reference } = await waiting();
    await slowDown(page, { link: SLOW });
    await page.goto(url);
    await page.waitForResponse((response) => response.url().includes(`/purchases/${reference}`), { timeout: 20_000 });
    const asked = await weight();
    const from = performance.now();
    rig.purchases.settle(reference, { status: 'paid', credentials: { username: 'u', password: 'p' } });
    await page.getByRole('heading', { level: 1, name: 'You are ready to go' }).waitFor();
    expect(performance.now() - from).toBeLessThan(NEWS_MS);
    expect(asked.octets).toBeLessThan(12_000);
  }, 60_000);
});
