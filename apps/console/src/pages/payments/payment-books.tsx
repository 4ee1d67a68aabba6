import { Stack, Text } from '@mantine/core';
import { listLedgerEntries } from '@turnpike/contracts/ledger.js';
import type { PaymentView } from '@turnpike/contracts/payments.js';
import { useEndpoint } from '../../api/use-endpoint.js';
import { Loaded } from '../../kit/loaded.js';
import { Section } from '../../kit/section.js';
import { useMay } from '../../session/session.js';
import { useWords } from '../../words/use-words.js';
import { EntryLines } from '../ledger/entry-lines.js';
import { detailWords } from './detail-words.js';

/** The entries of a payment: of the sale, and of its refund. Each step of the payment is asked for anew. */
export function PaymentBooks({ payment }: { payment: PaymentView }) {
  const t = useWords(detailWords);
  const may = useMay('ledger:read');
  if (!may) return null;
  return (
    <Section title={t('books')}>
      {payment.settledAt === null && payment.refundedAt === null ? (
        <Text size="sm" c="dimmed">
          {t('booksNone')}
        </Text>
      ) : (
        <Entries key={`${payment.settledAt} ${payment.refundedAt}`} paymentId={payment.id} />
      )}
    </Section>
  );
}

function Entries({ paymentId }: { paymentId: string }) {
  const t = useWords(detailWords);
  const asked = useEndpoint(listLedgerEntries, { query: { paymentId } });
  return (
    <Loaded asked={asked} height={64}>
      {({ items }) =>
        items.length === 0 ? (
          <Text size="sm" c="dimmed">
            {t('booksNone')}
          </Text>
        ) : (
          <Stack>
            {items.toReversed().map((entry) => (
              <EntryLines key={entry.id} entry={entry} />
            ))}
          </Stack>
        )
      }
    </Loaded>
  );
}
