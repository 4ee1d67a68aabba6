import { brotliCompressSync, gzipSync } from 'node:zlib';
import type { Browser, BrowserContext, HTTPResponse, Page } from 'puppeteer-core';
import { openPortalRig, type PortalRig } from '../../packages/features/src/portal/portal-rig.js';
import { openBrowser, seriousFindings } from './browser.js';
import { startHotspotServlet, type HotspotServlet } from './hotspot-servlet.js';

/** A first-generation smartphone, and the width that a page has to fit. */
const PHONE = { width: 320, height: 640, deviceScaleFactor: 2, isMobile: true, hasTouch: true };
/** Bytes: what fits into the first packets of a connection, and what a page may be at all. */
const MOST_COMPRESSED = 14_000;
const MOST_BYTES = 50_000;
const PATIENCE_MS = 20_000;
/** 2G at its usual. */
const SLOW = { download: 30_000, upload: 15_000, latency: 400 };

let rig: PortalRig;
let browser: Browser;
let router: HotspotServlet;
let nas: string;
let phone: BrowserContext;
let page: Page;

beforeAll(async () => {
  [rig, browser] = await Promise.all([openPortalRig(), openBrowser()]);
  nas = await rig.rows.router('10.0.0.1', 'secret of a router', { name: 'Market <b>square</b>', site: 'Market' });
  await rig.hotspotPackage('Hour', { priceMinor: 1_000, validForSeconds: 3_600, quotaOctets: 500_000_000n });
  await rig.hotspotPackage('Day', { priceMinor: 5_000, description: 'For a whole day of work' });
  await rig.hotspotPackage('Family week', {
    priceMinor: 30_000,
    validForSeconds: 604_800,
    devices: 5,
    downKbps: 10_000,
  });
  router = await startHotspotServlet(rig.url, nas);
}, 90_000);

afterAll(async () => {
  await browser.close();
  await router.close();
  await rig.close();
});

beforeEach(async () => {
  phone = await browser.createBrowserContext();
  page = await phone.newPage();
  page.setDefaultTimeout(PATIENCE_MS);
  await page.setViewport(PHONE);
  await page.setExtraHTTPHeaders({ 'Accept-Language': 'en' });
  router.users.clear();
  router.online.length = 0;
  router.chap = true;
});

afterEach(() => phone.close());

const heading = (): Promise<string> => page.$eval('h1', (element) => element.textContent);
const text = (): Promise<string> => page.$eval('main', (element) => element.textContent);

/** Follows a link or sends a form, and waits for the page behind it. */
async function press(selector: string): Promise<HTTPResponse | null> {
  const [response] = await Promise.all([page.waitForNavigation({ waitUntil: 'load' }), page.click(selector)]);
  return response;
}

async function join(): Promise<void> {
  await page.goto(router.loginUrl, { waitUntil: 'load' });
  if (page.url().startsWith(router.loginUrl)) await page.waitForFunction("location.pathname === '/portal/'");
  await page.waitForSelector('.pack');
}

async function buy(): Promise<string> {
  await press('.pack');
  await page.type('#f-phone', '0712 345 678');
  await press('form button');
  return /\/portal\/wait\/([\w-]+)/.exec(page.url())?.[1] ?? '';
}

const PAID = { status: 'paid', credentials: { username: '254712345678', password: 'secret4you' } } as const;

/** Waits until the phone that has paid is back at the portal, online. */
async function connected(): Promise<void> {
  await page.waitForFunction("location.pathname === '/portal/status'", { timeout: PATIENCE_MS });
}

describe('a phone that joins the WiFi', () => {
  test('is led to the packages, pays and is let in by the router, with its challenge answered', async () => {
    await join();
    expect(await heading()).toBe('Get online');
    const reference = await buy();
    expect(rig.purchases.started.at(-1)).toMatchObject({
      msisdn: '254712345678',
      mac: '02:00:00:00:00:01',
      routerId: nas,
    });
    expect(await heading()).toBe('Look at your phone');
    router.users.set(PAID.credentials.username, PAID.credentials.password);
    rig.purchases.settle(reference, PAID);
    await connected();
    expect(router.online).toEqual([PAID.credentials.username]);
  }, 60_000);

  test('is let in without JavaScript too, by pressing what there is to press', async () => {
    await page.setJavaScriptEnabled(false);
    await page.goto(router.loginUrl);
    await press('#p button');
    const reference = await buy();
    router.users.set(PAID.credentials.username, PAID.credentials.password);
    rig.purchases.settle(reference, PAID);
    await page.waitForSelector('#connect', { timeout: PATIENCE_MS });
    expect(await text()).toContain('secret4you');
    await press('#connect button');
    expect(page.url()).toContain('/portal/status');
    expect(router.online).toEqual([PAID.credentials.username]);
  }, 60_000);

  test('goes on where it was when its browser was closed while it paid', async () => {
    await join();
    const reference = await buy();
    await page.close();
    page = await phone.newPage();
    await page.setViewport(PHONE);
    await page.goto(router.loginUrl);
    await page.waitForFunction("location.pathname.startsWith('/portal/wait/')");
    await page.close();
    router.users.set(PAID.credentials.username, PAID.credentials.password);
    rig.purchases.settle(reference, { ...PAID, expiresAt: new Date(Date.now() + 3_600_000).toISOString() });
    page = await phone.newPage();
    await page.goto(router.loginUrl);
    await connected();
    expect(router.online).toEqual([PAID.credentials.username]);
  }, 60_000);

  test('that the router refuses is told why, and tries again only when asked to', async () => {
    await join();
    const reference = await buy();
    rig.purchases.settle(reference, PAID);
    await page.waitForFunction("document.querySelector('h1').textContent.startsWith('Connecting did not work')");
    expect(await text()).toContain('invalid password');
    router.users.set(PAID.credentials.username, PAID.credentials.password);
    await press('#connect button');
    await connected();
  }, 60_000);

  test('whose router has made a new challenge meanwhile is let in all the same', async () => {
    await join();
    const reference = await buy();
    // As the phone itself does when it looks whether there is an Internet yet.
    await (await fetch(router.loginUrl)).text();
    router.users.set(PAID.credentials.username, PAID.credentials.password);
    rig.purchases.settle(reference, PAID);
    await connected();
    expect(router.online).toEqual([PAID.credentials.username]);
  }, 60_000);

  test('that does not pay is told why in its language and may try again', async () => {
    await join();
    await press('.lang');
    expect(await heading()).toBe('Pata intaneti');
    const reference = await buy();
    expect(await heading()).toBe('Angalia simu yako');
    rig.purchases.settle(reference, { status: 'failed', message: { en: 'No money.', sw: 'Salio halitoshi.' } });
    await page.waitForFunction("document.querySelector('h1').textContent === 'Malipo hayakufaulu'");
    expect(await text()).toContain('Salio halitoshi.');
    expect(await page.$eval('html', (element) => element.lang)).toBe('sw');
  }, 60_000);

  test('on a slow network has the packages within seconds', async () => {
    await page.emulateNetworkConditions(SLOW);
    const startedMs = performance.now();
    await join();
    expect(performance.now() - startedMs).toBeLessThan(10_000);
    const reference = await buy();
    rig.purchases.settle(reference, { ...PAID });
    router.users.set(PAID.credentials.username, PAID.credentials.password);
    await connected();
  }, 90_000);

  test('gets in with a voucher, whose QR code has filled the code in', async () => {
    const customerId = await rig.rows.customer('v.someone', 'unknown');
    rig.codes.set('ABCD-EFGH-JKMN', { kind: 'redeemed', customerId, username: 'v.someone', code: 'ABCD-EFGH-JKMN' });
    router.users.set('ABCD-EFGH-JKMN', 'ABCD-EFGH-JKMN');
    await join();
    await press('.actions a');
    await page.type('#f-code', 'abcd-efgh-jkmn');
    await press('form button');
    await connected();
    expect(router.online).toEqual(['ABCD-EFGH-JKMN']);
    await page.goto(`${rig.url}/portal/voucher?code=ABCD-EFGH-JKMN`);
    expect(await page.$eval('#f-code', (element) => element.getAttribute('value'))).toBe('ABCD-EFGH-JKMN');
  }, 60_000);

  test('gets in with username and password, and sees what is left', async () => {
    const customerId = await rig.rows.customer('asha', 'open sesame');
    const entitlementId = await rig.rows.entitlement(customerId, { packageName: 'Day', quotaOctets: 2_000_000_000n });
    const times = { startedAt: new Date(), lastSeenAt: new Date() };
    await rig.postgres.database.db.session.create({
      data: {
        ...{ key: 'k1', acctSessionId: '8', routerId: nas, username: 'asha', customerId, entitlementId, ...times },
        callingStationId: '02:00:00:00:00:01',
      },
    });
    router.users.set('asha', 'open sesame');
    await join();
    await press('.actions a:last-child');
    await page.type('#f-username', 'asha');
    await page.type('#f-password', 'open sesame');
    await press('form button');
    await connected();
    expect(await heading()).toBe('You are online');
    expect(await text()).toMatch(/2 GB/);
    await press('.device button');
    expect(await text()).toContain('The device has been removed');
    expect((await rig.postgres.database.db.session.findUnique({ where: { key: 'k1' } }))?.state).toBe('closing');
  }, 60_000);
});

describe('every page', () => {
  const PAGES = ['', 'voucher', 'login', 'status', 'paid', 'help', 'terms', 'nothing-here'];
  const themes = [
    ['light', 'en'],
    ['dark', 'sw'],
  ] as const;

  async function visit(path: string, language: string): Promise<Buffer> {
    const response = await page.goto(`${rig.url}/portal/${path}${path.includes('?') ? '&' : '?'}lang=${language}`);
    return (await response?.buffer()) ?? Buffer.alloc(0);
  }

  test.each(themes)(
    'is light, fits a small phone and can be used by everybody: %s, %s',
    async (theme, language) => {
      await page.emulateMediaFeatures([{ name: 'prefers-color-scheme', value: theme }]);
      const packageId = (await rig.postgres.database.db.package.findFirstOrThrow({ where: { name: 'Day' } })).id;
      const { reference } = await rig.purchases.start({ packageId, msisdn: msisdn(), createdBy: 'test' });
      const paid = await rig.purchases.start({ packageId, msisdn: msisdn(), createdBy: 'test' });
      rig.purchases.settle(paid.reference, PAID);
      const failed = await rig.purchases.start({ packageId, msisdn: msisdn(), createdBy: 'test' });
      rig.purchases.settle(failed.reference, { status: 'failed' });
      const more = [
        `buy?package=${packageId}`,
        ...[reference, paid.reference, failed.reference].map((one) => `wait/${one}`),
      ];
      for (const path of [...PAGES, ...more]) {
        const body = await visit(path, language);
        expect([path, body.length < MOST_BYTES, body.length > 1_000]).toEqual([path, true, true]);
        expect([path, gzipSync(body).length < MOST_COMPRESSED]).toEqual([path, true]);
        expect(brotliCompressSync(body).length).toBeLessThan(MOST_COMPRESSED);
        expect([path, await seriousFindings(page)]).toEqual([path, []]);
        const wide = await page.evaluate('document.documentElement.scrollWidth - innerWidth');
        expect([path, wide]).toEqual([path, 0]);
        expect([path, await smallTargets()]).toEqual([path, []]);
      }
    },
    120_000,
  );

  test('asks nobody but the portal for anything', async () => {
    const asked: string[] = [];
    page.on('request', (request) => void asked.push(request.url()));
    for (const path of PAGES) await visit(path, 'en');
    expect(asked.filter((url) => !url.startsWith(rig.url) && !url.startsWith('data:'))).toEqual([]);
    expect(asked.length).toBe(PAGES.length);
  }, 60_000);

  /** What fingers have to hit is at least 44 pixels high, but for links in the middle of a sentence (WCAG 2.2, 2.5.8). */
  async function smallTargets(): Promise<unknown> {
    return page.evaluate(`[...document.querySelectorAll('button,input:not([type=hidden]),summary,a.button,a.lang,footer a')]
      .filter((one) => one.getBoundingClientRect().height < 43.5).map((one) => one.outerHTML)`);
  }

  function msisdn() {
    const [known] = rig.purchases.started;
    if (known === undefined) throw new Error('nothing was bought before');
    return known.msisdn;
  }
});
