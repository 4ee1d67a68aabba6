import { Badge } from '@mantine/core';

export type Tone = 'good' | 'busy' | 'warn' | 'bad' | 'quiet';

const COLOURS: Readonly<Record<Tone, string>> = {
  good: 'green',
  busy: 'blue',
  warn: 'orange',
  bad: 'red',
  quiet: 'gray',
};

/** A state in a word; the word tells it, the colour only helps. */
export function Status({ tone, children }: { tone: Tone; children: string }) {
  return (
    <Badge color={COLOURS[tone]} variant="light" tt="none" fw={600} autoContrast miw="max-content">
      {children}
    </Badge>
  );
}
