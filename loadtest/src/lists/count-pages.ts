import type { Instance } from '../instance.js';
import type { Say } from '../radius/target.js';
import { holds, type Figure } from '../results.js';
import { askOnce, pathsOf } from './ask-once.js';
import type { Ask } from './ask-maker.js';
import { openStatementLog, type ServerWork } from './statement-log.js';

interface Asked {
  readonly instance: Instance;
  readonly asks: readonly Ask[];
  readonly figures: readonly Figure[];
  /** Of each list the path that took longest: one request in ten may have a plan of its own. */
  readonly slowest: ReadonlyMap<string, string>;
  readonly say: Say;
  readonly signal: AbortSignal;
}

const TIMES = 4;
const LONGEST_PLAN = 3_000;
/** Pages of 8 KiB that the answer to one question may cost, whatever the machine does meanwhile. */
const MAX_PAGES = 2_000;

/**
 * Asks every list again, one question at a time, and counts the pages that PostgreSQL looks at: that says whether a list grows
 * with what there is, also on a machine that is busy. Shows the plan of those that cost too much or took too long.
 */
export async function countPages({ instance, asks, figures, slowest, say, signal }: Asked): Promise<Figure[]> {
  const slow = new Set(figures.filter((figure) => !holds(figure)).map(({ name }) => name));
  say(`asking each ${TIMES + 1} times more, one by one, for the pages that PostgreSQL looks at`);
  const log = await openStatementLog(instance.postgresUrl);
  const costly: Figure[] = [];
  let most = 0;
  try {
    // The processes connect anew.
    for (let turn = 0; turn < WARM_UP; turn += 1) await askOnce(instance, '/customers?limit=1', signal);
    for (const [at, ask] of asks.entries()) {
      const paths = [slowest.get(ask.name) ?? [], pathsOf(ask, TIMES, at)].flat();
      const work = await worstOf(paths, (path) => log.during(() => askOnce(instance, path, signal)));
      const { maxPages = MAX_PAGES } = ask;
      if (maxPages === MAX_PAGES) most = Math.max(most, work.pages);
      const isCostly = work.pages > maxPages;
      if (isCostly) costly.push({ name: `${ask.name}: pages`, value: work.pages, unit: '', atMost: maxPages });
      if (isCostly || slow.has(ask.name)) say(textOf(ask, work));
    }
  } finally {
    await log.close();
  }
  return [
    { name: 'pages of PostgreSQL that the costliest list needs', value: most, unit: '', atMost: MAX_PAGES },
    ...costly,
  ];
}

const WARM_UP = 20;

async function worstOf(paths: readonly string[], work: (path: string) => Promise<ServerWork>): Promise<ServerWork> {
  let worst: ServerWork = { statements: 0, ms: 0, pages: -1, slowest: '', texts: [] };
  for (const path of paths) {
    const one = await work(path);
    if (one.pages > worst.pages) worst = one;
  }
  return worst;
}

function textOf({ name }: Ask, { ms, pages, statements, slowest }: ServerWork): string {
  const head = `  ${name}: ${ms.toFixed(1)} ms, ${pages.toLocaleString('en')} pages, ${statements} statements; the slowest:`;
  return [head, ...slowest.slice(0, LONGEST_PLAN).split('\n')].join('\n    ');
}
