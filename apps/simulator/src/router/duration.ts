const UNIT_MS: Readonly<Record<string, number>> = { w: 604800000, d: 86400000, h: 3600000, m: 60000, s: 1000, ms: 1 };

/** `1w2d3h4m5s`, `500ms`, `1:30:00`, `1d 02:00:00` or bare seconds; undefined when it is none of these. */
export function durationMs(text: string): number | undefined {
  const spelled = text.trim();
  if (/^\d+$/.test(spelled)) return Number(spelled) * 1000;
  const clock = /^(?:(\d+)w)?(?:(\d+)d)?\s*(\d+):(\d\d)(?::(\d\d))?$/.exec(spelled);
  if (clock !== null) {
    const [, weeks = '0', days = '0', hours = '0', minutes = '0', seconds = '0'] = clock;
    return (
      ((Number(weeks) * 7 + Number(days)) * 86400 + Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds)) *
      1000
    );
  }
  if (!/^(\d+(w|d|h|ms|m|s))+$/.test(spelled)) return undefined;
  let total = 0;
  for (const [, amount = '0', unit = 's'] of spelled.matchAll(/(\d+)(w|d|h|ms|m|s)/g)) {
    total += Number(amount) * (UNIT_MS[unit] ?? 0);
  }
  return total;
}

/** The form RouterOS prints: `1w2d3h4m5s`, `500ms`, `0s`. */
export function printDuration(ms: number): string {
  let rest = Math.max(0, Math.round(ms));
  let text = '';
  for (const unit of ['w', 'd', 'h', 'm', 's', 'ms']) {
    const size = UNIT_MS[unit] ?? 1;
    const amount = Math.floor(rest / size);
    if (amount > 0) text += `${amount}${unit}`;
    rest -= amount * size;
  }
  return text === '' ? '0s' : text;
}
