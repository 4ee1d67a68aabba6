import type { Stage } from './stage.js';

/** More than it can answer: what counts is how many it has answered. */
const RATE = 1_500;
const SECONDS = 45;

/**
 * V8 compiles what has been run often: a process that has answered a few thousand requests takes twice the processor time for
 * the next that one takes which has answered some tens of thousands, as each has that has served for an hour. `seconds`: of the
 * run that follows; a short try needs no long one.
 */
export async function warmUp(stage: Stage, seconds: number): Promise<void> {
  const within = Math.min(SECONDS, seconds);
  stage.say(`warming up for ${within} s`);
  await stage.run('mixed', { RATE, SECONDS: within, SLO: 'mixed' });
}
