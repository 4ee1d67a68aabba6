import type { Say } from './target.js';

const EVERY_MS = 5_000;

/** Tells every 5 s how fast something grows; gives what stops it. */
export function tellRate(say: Say, count: () => number): () => void {
  const startedMs = performance.now();
  let before = count();
  const timer = setInterval(() => {
    const now = count();
    const seconds = Math.round((performance.now() - startedMs) / 1000);
    say(`  ${String(seconds).padStart(4)} s  ${Math.round((now - before) / (EVERY_MS / 1000)).toLocaleString('en')}/s`);
    before = now;
  }, EVERY_MS);
  return () => clearInterval(timer);
}
