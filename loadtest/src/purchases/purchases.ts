import { randomInt } from 'node:crypto';
import type { LoadtestConfig } from '../config.js';
import type { Instance } from '../instance.js';
import type { Say } from '../radius/target.js';
import { NotPrepared } from '../refusals.js';
import type { Figure } from '../results.js';
import { runCli } from '../turnpike-cli.js';
import { exactFigures, speedFigures } from './purchase-figures.js';
import { runPurchases } from './purchase-run.js';

export const PURCHASES_WHOLE = { COUNT: 10_000 };
const DEFAULT_RATE = 25;
const FORGED = 1_000;
const PROBE_ONE_IN = 20;
const PHONES = 100_000_000;

/** Customers buy over the portal, all phones pay, the news of it is doubled, late, lost and forged. */
export async function purchases(
  config: LoadtestConfig,
  instance: Instance,
  say: Say,
  signal: AbortSignal,
): Promise<Figure[]> {
  const darajaControlUrl = instance.daraja?.controlUrl;
  if (darajaControlUrl === undefined) {
    throw new NotPrepared(
      'payments do not go to the M-Pesa stand-in: `npm start` without DARAJA_URL, with SIMULATOR_ROUTERS=1',
    );
  }
  const count = config.COUNT ?? PURCHASES_WHOLE.COUNT;
  const rate = config.RATE ?? DEFAULT_RATE;
  await prepareNas(config);
  say(`${count.toLocaleString('en')} purchases, ${rate} a second`);
  const run = await runPurchases({
    instance,
    darajaControlUrl,
    nas: { nasAddress: config.NAS_ADDRESS, secret: config.NAS_SECRET },
    count,
    rate,
    forged: config.FORGED ?? Math.min(FORGED, count),
    probeOneIn: PROBE_ONE_IN,
    patienceMs: 0,
    firstPhone: randomInt(PHONES),
    say,
    signal,
  });
  for (const example of run.check.examples) say(`  ${example}`);
  return [...exactFigures(run, count), ...speedFigures(run)];
}

/** The NAS from which buyers log in. */
async function prepareNas(config: LoadtestConfig): Promise<void> {
  const given = ['--customers', '1', '--nas-address', config.NAS_ADDRESS, '--nas-secret', config.NAS_SECRET];
  const { code, output } = await runCli(config, ['loadtest-prepare', ...given], { TURNPIKE_DATA: config.dataDir });
  if (code !== 0) throw new NotPrepared(`loadtest:prepare failed:\n${output}`);
}
