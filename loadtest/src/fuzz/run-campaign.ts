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

function runThread(run: CampaignRun, first: number, tell: (news: Told) => void): Promise<void> {
  const work: Work = {
    name: run.name,
    seed: run.seed,
    first,
    of: run.threads,
    end: run.trials,
    seconds: run.seconds,
  };
  return new Promise((resolve, reject) => {
    const worker = new Worker(new URL('./campaign-worker.js', import.meta.url), { workerData: work });
    worker.on('message', tell);
    worker.once('error', reject);
    worker.once('exit', (code) => (code === 0 ? resolve() : reject(new Error(`a thread ended with status ${code}`))));
  });
}
