// The bounds of slo.json as thresholds of k6. Nothing else in this directory has a bound; what k6 does not measure itself is
// held against the same file by the program that runs k6.
const slo = JSON.parse(open('./slo.json'));
// Long enough for a first answer that had to be compiled and connected.
const END_AFTER = '10s';

export function thresholdsOf(scenario) {
  const thresholds = {};
  for (const { metric, stat, atMost, atLeast, ends } of slo[scenario]) {
    if (metric === undefined) continue;
    const threshold = atMost === undefined ? `${stat}>=${atLeast}` : `${stat}<=${atMost}`;
    const one = ends === true ? { threshold, abortOnFail: true, delayAbortEval: END_AFTER } : threshold;
    thresholds[metric] = (thresholds[metric] || []).concat(one);
  }
  return thresholds;
}

/** Has k6 keep these apart in its summary, without a bound of their own. */
export function keptApart(metric, tag, values) {
  const none = {};
  for (const value of values) none[`${metric}{${tag}:${value}}`] = [];
  return none;
}
