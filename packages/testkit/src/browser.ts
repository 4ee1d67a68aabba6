import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { chromium, type Browser, type Page } from 'playwright-core';
import { z } from 'zod';

const PLACES = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome', '/snap/bin/chromium'];
/** A machine that is busy with other tests takes its time. */
const START_MS = 60_000;

/** Tests of pages need a browser: without one they fail, for a test that does not run says nothing. */
export function openBrowser(): Promise<Browser> {
  const executablePath = PLACES.find((place) => existsSync(place));
  if (executablePath === undefined) {
    throw new Error(`no browser was found at ${PLACES.join(', ')}: install it with "apt-get install chromium"`);
  }
  return chromium.launch({
    executablePath,
    timeout: START_MS,
    args: ['--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage'],
  });
}

/** What a cheap phone on a bad link has. */
export interface Slowness {
  /** How many times slower than this machine it computes. */
  readonly cpu?: number;
  /** Octets each second down and up, and ms until an answer begins. */
  readonly link?: { readonly down: number; readonly up: number; readonly latencyMs: number };
}

/** From now on, and as long as the page is open. */
export async function slowDown(page: Page, { cpu, link }: Slowness): Promise<void> {
  const devtools = await page.context().newCDPSession(page);
  if (cpu !== undefined) await devtools.send('Emulation.setCPUThrottlingRate', { rate: cpu });
  if (link === undefined) return;
  await devtools.send('Network.enable');
  await devtools.send('Network.emulateNetworkConditions', {
    offline: false,
    downloadThroughput: link.down,
    uploadThroughput: link.up,
    latency: link.latencyMs,
  });
}

const axeResult = z.array(z.object({ id: z.string(), impact: z.string().nullable(), html: z.array(z.string()) }));

/** Rule and element of everything that axe finds serious or critical. */
export async function seriousFindings(page: Page): Promise<string[]> {
  // Evaluated, not added: a page's policy lets no script in but its own.
  await page.evaluate(await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8'));
  const found: unknown = await page.evaluate(
    `axe.run(document, { resultTypes: ['violations'] }).then(({ violations }) =>
      violations.map(({ id, impact, nodes }) => ({ id, impact, html: nodes.map(({ html }) => html) })))`,
  );
  return axeResult
    .parse(found)
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .flatMap(({ id, html }) => html.map((each) => `${id}: ${each}`));
}
