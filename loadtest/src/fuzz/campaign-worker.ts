import { parentPort, workerData } from 'node:worker_threads';
import { CAMPAIGNS, isWork } from './campaigns.js';

/** How often the counts so far are told. */
const TELL_MS = 500;
/** Trials between two looks at the clock. */
const TRIALS_AT_ONCE = 256;

/** Thread of `run-campaign.ts`: every `of`th trial, from `first` on. */
function work(): void {
  const data: unknown = workerData;
  if (parentPort === null || !isWork(data)) throw new Error('this file is run by run-campaign.ts');
  const campaign = CAMPAIGNS[data.name](data.seed);
  const endMs = data.seconds === undefined ? Infinity : performance.now() + data.seconds * 1000;
  let toldMs = performance.now();
  const at = new Float64Array(data.at);
  let done = 0;
  for (let index = data.first; index < data.end && performance.now() < endMs;) {
    for (let i = 0; i < TRIALS_AT_ONCE && index < data.end; i += 1, index += data.of, done += 1) {
      at[0] = index;
      campaign.step(index);
    }
    if (performance.now() - toldMs < TELL_MS) continue;
    toldMs = performance.now();
    parentPort.postMessage({ done, findings: campaign.tally.totalFindings });
  }
  parentPort.postMessage({ done, findings: campaign.tally.totalFindings, parts: campaign.tally.parts() });
}

work();
