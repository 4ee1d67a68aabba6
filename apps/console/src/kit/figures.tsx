import { Text } from '@mantine/core';
import { moneyText } from '@turnpike/core/money.js';

const STEPS = ['B', 'kB', 'MB', 'GB', 'TB', 'PB'] as const;
const STEP = 1000n;

/** Minor units of a currency: `KES 1,250.00`. */
export function Money({ minor, currency }: { minor: number | bigint | string; currency: string }) {
  return (
    <Text span inherit className="figures one-line">
      {moneyText(BigInt(minor), currency)}
    </Text>
  );
}

/** Bytes, as decimal digits or a number: `1.2 GB`. */
export function Octets({ value }: { value: string | number | bigint }) {
  return (
    <Text span inherit className="figures one-line">
      {octetsText(BigInt(value))}
    </Text>
  );
}

export function octetsText(octets: bigint): string {
  let whole = octets;
  let rest = 0n;
  let step = 0;
  while (whole >= STEP && step < STEPS.length - 1) {
    rest = whole % STEP;
    whole /= STEP;
    step += 1;
  }
  return `${whole}${step === 0 ? '' : `.${rest / 100n}`} ${STEPS[step] ?? ''}`;
}

/** `2 d 3 h`, `5 min`, `12 s`: the two largest parts. */
export function durationText(seconds: number): string {
  const parts: [number, string][] = [
    [Math.floor(seconds / 86_400), 'd'],
    [Math.floor((seconds % 86_400) / 3_600), 'h'],
    [Math.floor((seconds % 3_600) / 60), 'min'],
    [Math.floor(seconds % 60), 's'],
  ];
  const first = parts.findIndex(([amount]) => amount > 0);
  if (first === -1) return '0 s';
  return parts
    .slice(first, first + 2)
    .filter(([amount]) => amount > 0)
    .map(([amount, unit]) => `${amount} ${unit}`)
    .join(' ');
}

export function rateText(kbps: number): string {
  return kbps >= 1_000 ? `${Number((kbps / 1_000).toFixed(1))} Mbit/s` : `${kbps} kbit/s`;
}
