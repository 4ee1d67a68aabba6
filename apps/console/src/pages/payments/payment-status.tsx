import type { PaymentView } from '@turnpike/contracts/payments.js';
import { Status, type Tone } from '../../kit/status.js';
import { useWords } from '../../words/use-words.js';
import { paymentWords } from './payment-words.js';

const TONES: Readonly<Record<PaymentView['state'], Tone>> = {
  created: 'busy',
  requested: 'busy',
  succeeded: 'good',
  failed: 'bad',
  timed_out: 'warn',
  review: 'warn',
};

/** The state of a payment in a word. */
export function PaymentStatus({ payment }: { payment: Pick<PaymentView, 'state' | 'refundedAt'> }) {
  const t = useWords(paymentWords);
  if (payment.refundedAt !== null) return <Status tone="quiet">{t('refunded')}</Status>;
  return <Status tone={TONES[payment.state]}>{t(payment.state)}</Status>;
}
