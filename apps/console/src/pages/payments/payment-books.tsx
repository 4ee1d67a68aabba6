import { Stack, Text } from '@mantine/core';
import { listLedgerEntries } from '@turnpike/contracts/ledger.js';
import type { PaymentView } from '@turnpike/contracts/payments.js';
import { useEndpoint } from '../../api/use-endpoint.js';
import { Loaded } from '../../kit/loaded.js';
import { RowLink } from '../../kit/row-link.js';
import { Section } from '../../kit/section.js';
import { useMay } from '../../session/session.js';
import { useWords } from '../../words/use-words.js';
import { EntryLines } from '../ledger/entry-lines.js';
import { detailWords } from './detail-words.js';

/** The transaction that books a payment may have waited for others before it said when it was paid. */
const BEFORE_MS = 30_000;
const AFTER_MS = 5_000;
const MOST = 200;

/** The entries of a payment: of the sale, and of its refund. */
export function PaymentBooks({ payment }: { payment: PaymentView }) {
  const t = useWords(detailWords);
  const may = useMay('ledger:read');
  if (!may) return null;
  const moments = [payment.settledAt, payment.refundedAt].filter((at) => at !== null);
  return (
    <Section title={t('books')}>
      {moments.length === 0 ? (
        <Text size="sm" c="dimmed">
          {t('booksNone')}
        </Text>
      ) : (
        <Stack>
          {moments.map((at) => (
            <EntriesAround key={at} at={at} paymentId={payment.id} />
          ))}
        </Stack>
      )}
    </Section>
  );
}

function EntriesAround({ at, paymentId }: { at: string; paymentId: string }) {
  const t = useWords(detailWords);
  const ms = Date.parse(at);
  const query = {
    limit: MOST,
    from: new Date(ms - BEFORE_MS).toISOString(),
    to: new Date(ms + AFTER_MS).toISOString(),
  };
  const asked = useEndpoint(listLedgerEntries, { query });
  return (
    <Loaded asked={asked} height={64}>
      {({ items }) => {
        const found = items.filter((entry) => entry.paymentId === paymentId);
        if (found.length > 0) return found.map((entry) => <EntryLines key={entry.id} entry={entry} />);
        return (
          <Text size="sm">
            {t('booksElsewhere')} <RowLink to="/ledger/entries">{t('openLedger')}</RowLink>
          </Text>
        );
      }}
    </Loaded>
  );
}
