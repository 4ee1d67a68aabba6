import { Agent, request } from 'node:http';

/** What the first page of the console reads when it is opened. */
const FIRST = [
  '/me',
  '/dashboard/stats',
  '/dashboard/series?days=7',
  '/dashboard/series?days=30',
  '/routers?deployment=active&limit=1',
  '/packages?limit=1',
];

interface Pace {
  readonly paths: readonly string[];
  readonly everyMs: number;
}

/** What events make old, as the console has it (apps/console/src/live/freshener.ts): after each, but only so often. */
const PACES: readonly Pace[] = [
  { paths: ['/dashboard/stats'], everyMs: 5_000 },
  { paths: ['/dashboard/series?days=7', '/dashboard/series?days=30'], everyMs: 30_000 },
];
const SPREAD_MS = 250;
const DEADLINE_MS = 20_000;
/** As browsers have to one server; one of them is the stream's. */
const CONNECTIONS = 5;

export interface ReadTally {
  readonly tookMs: number[];
  /** Answered otherwise than 200, or not at all. */
  wrong: number;
  /** What they were answered instead, and how often. */
  readonly others: Map<string, number>;
}

export interface DashboardReader {
  first(): Promise<void>;
  /** An event came: reads again, soon or when the time between two reads is over. Never rejects. */
  makeOld(): void;
  close(): void;
}

export function createDashboardReader(apiUrl: string, cookie: string, tally: ReadTally): DashboardReader {
  const agent = new Agent({ keepAlive: true, maxSockets: CONNECTIONS });
  const timers = new Map<Pace, NodeJS.Timeout>();
  const readMs = new Map<Pace, number>();
  const readAll = async (paths: readonly string[]): Promise<void> => {
    await Promise.all(paths.map((path) => read(agent, apiUrl + path, cookie, tally)));
  };
  const soon = (pace: Pace): void => {
    if (timers.has(pace)) return;
    const restMs = Math.max(0, (readMs.get(pace) ?? -Infinity) + pace.everyMs - performance.now());
    const again = (): void => {
      timers.delete(pace);
      readMs.set(pace, performance.now());
      void readAll(pace.paths);
    };
    timers.set(pace, setTimeout(again, restMs + Math.random() * SPREAD_MS));
  };
  return {
    first: () => readAll(FIRST),
    makeOld: () => PACES.forEach(soon),
    close: () => {
      for (const timer of timers.values()) clearTimeout(timer);
      agent.destroy();
    },
  };
}

function read(agent: Agent, url: string, cookie: string, tally: ReadTally): Promise<void> {
  return new Promise((resolve) => {
    const startedMs = performance.now();
    let isOver = false;
    const end = (answer: string): void => {
      if (isOver) return;
      isOver = true;
      tally.tookMs.push(performance.now() - startedMs);
      if (answer !== '200') {
        tally.wrong += 1;
        tally.others.set(answer, (tally.others.get(answer) ?? 0) + 1);
      }
      resolve();
    };
    const options = { agent, headers: { cookie }, signal: AbortSignal.timeout(DEADLINE_MS) };
    const sent = request(url, options, (response) => {
      response.resume();
      response.once('end', () => end(String(response.statusCode)));
      response.once('error', ({ message }) => end(message));
    });
    sent.once('error', ({ message }) => end(message));
    sent.end();
  });
}
