import { Group, Progress, Stack, Text } from '@mantine/core';
import type { VoucherBatchView } from '@turnpike/contracts/vouchers.js';
import { useWords } from '../../words/use-words.js';
import { vouchersWords } from './vouchers-words.js';

const PARTS = [
  { key: 'redeemed', label: 'countRedeemed', color: 'blue' },
  { key: 'unused', label: 'countUnused', color: 'green' },
  { key: 'expired', label: 'countExpired', color: 'gray' },
  { key: 'revoked', label: 'countRevoked', color: 'red' },
] as const;

/** How many codes of a batch are in which state: in words, and as a bar. */
export function StateBar({ batch, isWide = false }: { batch: VoucherBatchView; isWide?: boolean }) {
  const t = useWords(vouchersWords);
  const parts = PARTS.filter(({ key }) => batch[key] > 0);
  return (
    <Stack gap={4} maw={isWide ? undefined : 260}>
      <Progress.Root size={isWide ? 'lg' : 'sm'} aria-hidden>
        {parts.map(({ key, color }) => (
          <Progress.Section key={key} value={(100 * batch[key]) / Math.max(1, batch.count)} color={color} />
        ))}
      </Progress.Root>
      <Group gap={isWide ? 'md' : 6}>
        {parts.map(({ key, label }) => (
          <Text key={key} span size={isWide ? 'sm' : 'xs'} c={isWide ? undefined : 'dimmed'} className="figures">
            {t(label, { count: batch[key] })}
          </Text>
        ))}
      </Group>
    </Stack>
  );
}
