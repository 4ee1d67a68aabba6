// Pictures of every page of the console, in light and dark, at three widths, of the running system (`npm start` first).
// Exit status 1 when a page logs an error, breaks the content security policy, is wider than its window, or has a serious
// accessibility finding.
import { mkdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { openBrowser, seriousFindings } from '@turnpike/testkit/browser.js';

const WIDTHS = { phone: 360, desk: 1280, wide: 2200 };
const SCHEMES = ['light', 'dark'];
/** Characters of a problem. */
const MOST_SAID = 300;
/** Where the things are listed whose pages have another name. */
const LISTS = { vouchers: '/voucher-batches', 'vouchers/codes': '/vouchers' };
const data = process.env.TURNPIKE_DATA ?? path.resolve('.data');

const { values: options } = parseArgs({
  options: {
    out: { type: 'string', default: path.join(data, 'screenshots') },
    only: { type: 'string', default: '' },
    language: { type: 'string', default: 'en' },
    width: { type: 'string', default: '' },
    scheme: { type: 'string', default: '' },
  },
});

/** Paths of the pages; those of one thing with the id of the first there is. */
async function pagesOf(instance) {
  const api = async (url) => {
    const response = await fetch(`${instance.apiUrl}${url}`, {
      headers: { authorization: `Bearer ${instance.apiToken}` },
    });
    return response.ok ? response.json() : { items: [] };
  };
  const first = async (url) => (await api(url)).items?.[0]?.id;
  const source = await readFile(new URL('../apps/console/src/pages/pages.ts', import.meta.url), 'utf8');
  const paths = [...source.matchAll(/path: '([^']+)'/g)].map(([, found]) => found);
  const pages = [];
  for (const page of paths) {
    const before = page.slice(1).split('/:')[0];
    const id = page.includes(':') ? await first(LISTS[before] ?? `/${before}`) : undefined;
    if (!page.includes(':')) pages.push(page);
    else if (id !== undefined) pages.push(page.replace(/:\w+/, id));
    else process.stdout.write(`left out: ${page}, there is nothing to show yet\n`);
  }
  return pages.filter((page) => page.includes(options.only));
}

const nameOf = (page) =>
  page
    .replace(/^\//, '')
    .replace(/[0-9a-f]{8}-[0-9a-f-]{27}/g, 'one')
    .replace(/[^a-z-]+/gi, '-') || 'dashboard';

async function look({ context, url, page, file, problems }) {
  const tab = await context.newPage();
  const tell = (what) => problems.push(`${file}: ${what}`);
  tab.on('console', (message) => message.type() === 'error' && tell(message.text().slice(0, MOST_SAID)));
  tab.on('pageerror', (error) => tell(error.message.slice(0, MOST_SAID)));
  await tab.goto(`${url}${page}`.replace(/\/\/$/, '/'));
  await tab
    .getByRole('heading', { level: 1 })
    .first()
    .waitFor({ timeout: 20_000 })
    .catch(() => tell('no heading'));
  // What loads after it, but not the stream of events, which never ends.
  await tab
    .waitForFunction(() => document.querySelector('[aria-busy="true"], .mantine-Skeleton-root') === null, undefined, {
      timeout: 10_000,
    })
    .catch(() => tell('still loading after 10 s'));
  await tab.waitForTimeout(400);
  const wider = await tab.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  if (wider > 0) tell(`${wider} px wider than the window`);
  for (const finding of await seriousFindings(tab)) tell(finding.slice(0, MOST_SAID));
  await tab.screenshot({ path: file, fullPage: true });
  await tab.close();
}

async function main() {
  const instance = JSON.parse(await readFile(path.join(data, 'instance.json'), 'utf8'));
  const pages = await pagesOf(instance);
  const url = instance.consoleUrl.replace(/\/$/, '');
  await mkdir(options.out, { recursive: true });
  const browser = await openBrowser();
  const problems = [];
  let pictures = 0;
  try {
    for (const scheme of SCHEMES.filter((each) => each.includes(options.scheme))) {
      for (const [widthName, width] of Object.entries(WIDTHS).filter(([name]) => name.includes(options.width))) {
        const context = await browser.newContext({
          viewport: { width, height: width === WIDTHS.phone ? 740 : 900 },
          colorScheme: scheme,
          locale: options.language === 'sw' ? 'sw-KE' : 'en-GB',
          timezoneId: 'Africa/Nairobi',
          bypassCSP: false,
        });
        const signedIn = await context.request.post(`${instance.apiUrl}/auth/login`, {
          data: { ...instance.operator, as: 'cookie' },
        });
        if (!signedIn.ok()) throw new Error(`signing in answered ${signedIn.status()}: ${await signedIn.text()}`);
        for (const page of pages) {
          const file = path.join(options.out, `${nameOf(page)}-${widthName}-${scheme}-${options.language}.png`);
          await look({ context, url, page, file, problems });
          pictures += 1;
        }
        await context.close();
      }
    }
  } finally {
    await browser.close();
  }
  for (const problem of problems) process.stdout.write(`${problem}\n`);
  process.stdout.write(
    `${pictures} pictures of ${pages.length} pages in ${options.out}, ${problems.length} problems\n`,
  );
  return problems.length === 0 ? 0 : 1;
}

process.exitCode = await main();
