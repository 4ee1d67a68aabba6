import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import puppeteer, { type Browser, type Page } from 'puppeteer-core';
import { z } from 'zod';

const PLACES = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome', '/snap/bin/chromium'];
/** A machine that is busy with other tests takes its time. */
const START_MS = 60_000;

/** Tests of pages need a browser: without one they fail, for a test that does not run says nothing. */
export async function openBrowser(): Promise<Browser> {
  const executablePath = PLACES.find((place) => existsSync(place));
  if (executablePath === undefined) {
    throw new Error(`no browser was found at ${PLACES.join(', ')}: install it with "apt-get install chromium"`);
  }
  return puppeteer.launch({
    executablePath,
    headless: true,
    timeout: START_MS,
    protocolTimeout: START_MS,
    args: ['--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage', '--no-first-run'],
  });
}

const axeResult = z.object({
  violations: z.array(
    z.object({ id: z.string(), impact: z.string().nullable(), nodes: z.array(z.object({ html: z.string() })) }),
  ),
});

/** Rule and element of everything that axe finds serious or critical. */
export async function seriousFindings(page: Page): Promise<string[]> {
  // The page's policy lets no script in but its own.
  await page.evaluate(await axeSource());
  const found: unknown = await page.evaluate('axe.run(document, { resultTypes: ["violations"] })');
  return axeResult
    .parse(found)
    .violations.filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .flatMap(({ id, nodes }) => nodes.map((node) => `${id}: ${node.html}`));
}

let axe: string | undefined;

async function axeSource(): Promise<string> {
  if (axe === undefined) {
    const { readFile } = await import('node:fs/promises');
    axe = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
  }
  return axe;
}
