import { Worker } from 'node:worker_threads';
import { Tally, type TallyParts } from './campaign.js';
import type { CampaignName, Work } from './campaigns.js';

export interface CampaignRun {
  readonly name: CampaignName;
  readonly seed: number;
  readonly trials: number;
  /** Ends earlier, after this time. */
  readonly seconds: number | undefined;
  readonly threads: number;
  /** Told every few seconds how far it is. */
  readonly say: (line: string) => void;
}

export interface CampaignResult {
  readonly tally: Tally;
  readonly done: number;
  readonly seconds: number;
}

interface Told {
  readonly done: number;
  readonly findings: number;
  readonly parts?: TallyParts;
}

const SAY_MS = 5_000;
/** A thread speaks twice a second; the longest pauses of a busy machine are far below this. */
const STUCK_MS = 120_000;

/** Runs a campaign on several threads and adds up what they found. Rejects when a thread dies, which is a finding too. */
export async function runCampaign(run: CampaignRun): Promise<CampaignResult> {
  const startedMs = performance.now();
  const told: Told[] = Array.from({ length: run.threads }, () => ({ done: 0, findings: 0 }));
  const doneSoFar = (): number => told.reduce((sum, { done }) => sum + done, 0);
  const elapsed = (): number => (performance.now() - startedMs) / 1000;
  const timer = setInterval(() => {
    const done = doneSoFar();
    const findings = told.reduce((sum, part) => sum + part.findings, 0);
    run.say(
      `${done.toLocaleString('en')} of ${run.trials.toLocaleString('en')} after ${elapsed().toFixed(0)} s, ` +
        `${Math.round(done / elapsed()).toLocaleString('en')}/s, ${findings} findings`,
    );
  }, SAY_MS);
  try {
    await Promise.all(told.map((_, first) => runThread(run, first, (news) => (told[first] = news))));
  } finally {
    clearInterval(timer);
  }
  const tally = new Tally();
  for (const { parts } of told) if (parts !== undefined) tally.add(parts);
  return { tally, done: doneSoFar(), seconds: elapsed() };
}

/** Rejects when the thread dies or stands still, with the trial it was at: both are findings of the worst kind. */
function runThread(run: CampaignRun, first: number, tell: (news: Told) => void): Promise<void> {
  const { name, seed, trials, threads, seconds } = run;
  const at = new SharedArrayBuffer(Float64Array.BYTES_PER_ELEMENT);
  const work: Work = { name, seed, first, of: threads, end: trials, seconds, at };
  return new Promise((resolve, reject) => {
    const worker = new Worker(new URL('./campaign-worker.js', import.meta.url), { workerData: work });
    let heardMs = performance.now();
    const fail = (what: string): void => {
      clearInterval(watch);
      const index = new Float64Array(at)[0] ?? 0;
      reject(new Error(`a thread ${what} at npm run fuzz -- ${name} --seed ${seed} --only ${index}`));
      void worker.terminate();
    };
    const watch = setInterval(() => {
      if (performance.now() - heardMs > STUCK_MS) fail(`said nothing for ${STUCK_MS / 1000} s`);
    }, SAY_MS);
    worker.on('message', (news: Told) => {
      heardMs = performance.now();
      tell(news);
    });
    worker.once('error', (error) => fail(`died of ${error.stack ?? error.message}`));
    worker.once('exit', (code) => {
      clearInterval(watch);
      if (code === 0) resolve();
      else fail(`ended with status ${code}`);
    });
  });
}
