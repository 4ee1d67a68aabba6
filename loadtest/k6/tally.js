// Counts answers second by second in each virtual user and writes a line when a second is over: a thousandth of what the
// outputs of k6 cost, which write every sample. The program that runs k6 adds the lines up.
import { Counter } from 'k6/metrics';

export const wrongAnswers = new Counter('wrong_answers');

// As loadtest/src/k6/k6-series.ts reads them.
const LEAST_MS = 0.1;
const STEP = Math.log(1.08);
const MOST = 200;

let second = 0;
let counted = 0;
let wrong = 0;
let turnedAway = 0;
const buckets = new Array(MOST).fill(0);

/** `how`: 'right', 'wrong', or 'turned away' for one that said when to come again. */
export function tally(ms, how) {
  const now = Math.floor(Date.now() / 1000);
  if (now !== second) {
    tellSecond();
    second = now;
  }
  counted += 1;
  if (how === 'wrong') {
    wrong += 1;
    wrongAnswers.add(1);
  } else if (how === 'turned away') turnedAway += 1;
  const bucket = ms <= LEAST_MS ? 0 : Math.min(MOST - 1, Math.ceil(Math.log(ms / LEAST_MS) / STEP));
  buckets[bucket] += 1;
}

function tellSecond() {
  if (counted > 0) {
    const parts = [];
    for (let at = 0; at < MOST; at += 1) {
      if (buckets[at] === 0) continue;
      parts.push(`${at}:${buckets[at]}`);
      buckets[at] = 0;
    }
    console.log(`second ${second} ${wrong} ${turnedAway} ${parts.join(',')}`);
  }
  counted = 0;
  wrong = 0;
  turnedAway = 0;
}

let told = 0;
/** The first few of each virtual user, for people. */
export function tellWrong(name, response) {
  if (told >= 2) return;
  told += 1;
  const { status, error, headers, body } = response;
  const again = headers['Retry-After'] === undefined ? '' : `, Retry-After ${headers['Retry-After']}`;
  console.log(`wrong ${name}: ${status}${again} ${error || ''} ${String(body || '').slice(0, 200)}`);
}

export function handleSummary({ metrics, state }) {
  return { [__ENV.SUMMARY]: JSON.stringify({ metrics, ms: state.testRunDurationMs }) };
}
