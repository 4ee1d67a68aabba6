import { Group, Stack, Text } from '@mantine/core';
import type { LedgerEntryView } from '@turnpike/contracts/ledger.js';
import { Money } from '../../kit/figures.js';
import { When } from '../../kit/when.js';
import { useWords } from '../../words/use-words.js';
import { AccountName } from './account-name.js';
import { entryKindText } from './account-texts.js';
import { ledgerWords } from './ledger-words.js';

/** One entry with every account it moves. */
export function EntryLines({ entry }: { entry: LedgerEntryView }) {
  const t = useWords(ledgerWords);
  return (
    <div>
      <Text size="sm" fw={600}>
        {entryKindText(entry.kind, t)}{' '}
        <Text span size="xs" c="dimmed" fw={400}>
          <When at={entry.createdAt} style="exact" />
        </Text>
      </Text>
      <Text size="sm" c="dimmed">
        {entry.description}
      </Text>
      <Stack gap={2} mt={4} maw={480}>
        {entry.postings.map(({ accountId, accountKind, accountOwner, amountMinor, currency }) => (
          <Group key={accountId} justify="space-between" gap="xs">
            <Text size="sm" component="div">
              {t(amountMinor < 0 ? 'outOf' : 'into')} <AccountName kind={accountKind} owner={accountOwner} />
            </Text>
            <Text size="sm">
              <Money minor={Math.abs(amountMinor)} currency={currency} />
            </Text>
          </Group>
        ))}
      </Stack>
    </div>
  );
}
