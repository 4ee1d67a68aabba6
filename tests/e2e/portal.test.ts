import { brotliCompressSync, gzipSync } from 'node:zlib';
import type { Browser, BrowserContext, BrowserContextOptions, Page } from 'playwright-core';
import { openPortalRig, type PortalRig } from '../../packages/features/src/portal/portal-rig.js';
import { openBrowser, seriousFindings, slowDown } from '@turnpike/testkit/browser.js';
import { startHotspotServlet, type HotspotServlet } from './hotspot-servlet.js';

/** A first-generation smartphone, and the width that a page has to fit. */
const PHONE = {
  viewport: { width: 320, height: 640 },
  deviceScaleFactor: 2,
  isMobile: true,
  hasTouch: true,
  locale: 'en',
} satisfies BrowserContextOptions;
/** Bytes: what fits into the first packets of a connection, and what a page may be at all. */
const MOST_COMPRESSED = 14_000;
const MOST_BYTES = 50_000;
const PATIENCE_MS = 20_000;
/** 2G at its usual. */
const SLOW = { down: 30_000, up: 15_000, latencyMs: 400 };

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

/** Another phone in the hand from now on. */
async function takePhone(changes: BrowserContextOptions = {}): Promise<void> {
  phone = await browser.newContext({ ...PHONE, ...changes });
  phone.setDefaultTimeout(PATIENCE_MS);
  page = await phone.newPage();
}

beforeEach(async () => {
  await takePhone();
  router.users.clear();
  router.online.length = 0;
  router.chap = true;
});

afterEach(() => phone.close());

const titled = (name: string): Promise<void> => page.getByRole('heading', { level: 1, name }).waitFor();
const says = (text: string | RegExp): Promise<void> => page.getByRole('main').getByText(text).first().waitFor();
const press = (name: string | RegExp): Promise<void> => page.getByRole('button', { name }).click();
const follow = (name: string | RegExp): Promise<void> => page.getByRole('link', { name }).click();

/** The router's page sends phones on before it is there itself. */
async function comeBack(): Promise<void> {
  await page.goto(router.loginUrl, { waitUntil: 'commit' });
}

async function join(): Promise<void> {
  await comeBack();
  await titled('Get online');
}

/** Asks for the first package; gives the reference of the purchase. */
async function buy(): Promise<string> {
  await follow(/^Hour/);
  await page.getByLabel(/M‑Pesa/).fill('0712 345 678');
  await press(/^(Pay|Lipa) /);
  await page.waitForURL(/\/portal\/wait\//);
  return /\/portal\/wait\/([\w-]+)/.exec(page.url())?.[1] ?? '';
}

const PAID = { status: 'paid', credentials: { username: '254712345678', password: 'secret4you' } } as const;

/** Waits until the phone that has paid is back at the portal, online. */
async function connected(): Promise<void> {
  await page.waitForURL(/\/portal\/status/);
}

describe('a phone that joins the WiFi', () => {
  test('is led to the packages, pays and is let in by the router, with its challenge answered', async () => {
    await join();
    const reference = await buy();
    expect(rig.purchases.started.at(-1)).toMatchObject({
      msisdn: '254712345678',
      mac: '02:00:00:00:00:01',
      routerId: nas,
    });
    await titled('Look at your phone');
    router.users.set(PAID.credentials.username, PAID.credentials.password);
    rig.purchases.settle(reference, PAID);
    await connected();
    expect(router.online).toEqual([PAID.credentials.username]);
  }, 60_000);

  test('is let in without JavaScript too, by pressing what there is to press', async () => {
    await phone.close();
    await takePhone({ javaScriptEnabled: false });
    await page.goto(router.loginUrl);
    await press(/^Continue/);
    const reference = await buy();
    router.users.set(PAID.credentials.username, PAID.credentials.password);
    rig.purchases.settle(reference, PAID);
    await titled('You are ready to go');
    await says('secret4you');
    await press('Connect to the internet');
    await connected();
    expect(router.online).toEqual([PAID.credentials.username]);
  }, 60_000);

  test('goes on where it was when its browser was closed while it paid', async () => {
    await join();
    const reference = await buy();
    await page.close();
    page = await phone.newPage();
    await comeBack();
    await page.waitForURL(/\/portal\/wait\//);
    await page.close();
    router.users.set(PAID.credentials.username, PAID.credentials.password);
    rig.purchases.settle(reference, { ...PAID, expiresAt: new Date(Date.now() + 3_600_000).toISOString() });
    page = await phone.newPage();
    await comeBack();
    await connected();
    expect(router.online).toEqual([PAID.credentials.username]);
  }, 60_000);

  test('that the router refuses is told why, and tries again only when asked to', async () => {
    await join();
    const reference = await buy();
    rig.purchases.settle(reference, PAID);
    await titled('Connecting did not work yet');
    await says('invalid password');
    router.users.set(PAID.credentials.username, PAID.credentials.password);
    await press('Connect to the internet');
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
    await follow('Kiswahili');
    await titled('Pata intaneti');
    const reference = await buy();
    await titled('Angalia simu yako');
    rig.purchases.settle(reference, { status: 'failed', message: { en: 'No money.', sw: 'Salio halitoshi.' } });
    await titled('Malipo hayakufaulu');
    await says('Salio halitoshi.');
    expect(await page.locator('html').getAttribute('lang')).toBe('sw');
  }, 60_000);

  test('on a slow network has the packages within seconds', async () => {
    await slowDown(page, { link: SLOW });
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
    await follow('I have a voucher');
    await page.getByLabel('Voucher code').fill('abcd-efgh-jkmn');
    await press('Use this code');
    await connected();
    expect(router.online).toEqual(['ABCD-EFGH-JKMN']);
    await page.goto(`${rig.url}/portal/voucher?code=ABCD-EFGH-JKMN`);
    expect(await page.getByLabel('Voucher code').inputValue()).toBe('ABCD-EFGH-JKMN');
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
    await follow('I have a username and password');
    await page.getByLabel('Username or phone number').fill('asha');
    await page.getByLabel('Password').fill('open sesame');
    await press('Sign in');
    await connected();
    await titled('You are online');
    await says(/2 GB/);
    await press(/^Remove /);
    await says(/The device has been removed/);
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
    return (await response?.body()) ?? Buffer.alloc(0);
  }

  test.each(themes)(
    'is light, fits a small phone and can be used by everybody: %s, %s',
    async (theme, language) => {
      await page.emulateMedia({ colorScheme: theme });
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
