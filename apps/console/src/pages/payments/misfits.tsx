import { Text } from '@mantine/core';
import type { PaymentView } from '@turnpike/contracts/payments.js';
import { useWords } from '../../words/use-words.js';
import { misfitsOf, sentenceOf } from './misfit.js';
import { paymentWords } from './payment-words.js';

/** Why a person has to decide, in sentences; the server's own words last. */
export function Misfits({ payment }: { payment: PaymentView }) {
  const t = useWords(paymentWords);
  return (
    <div>
      {misfitsOf(payment).map(({ kind, ...values }) => (
        <Text size="sm" key={kind}>
          {t(kind, values)}
        </Text>
      ))}
      {payment.detail === null ? null : (
        <Text size="xs" c="dimmed" lang="en">
          {sentenceOf(payment.detail)}
        </Text>
      )}
    </div>
  );
}
