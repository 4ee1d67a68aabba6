import type { CustomerView } from '@turnpike/contracts/customers.js';
import { Status } from '../../kit/status.js';
import { useWords } from '../../words/use-words.js';
import { customersWords } from './customers-words.js';

export function CustomerState({ customer: { status, erasedAt } }: { customer: CustomerView }) {
  const t = useWords(customersWords);
  if (erasedAt !== null) return <Status tone="quiet">{t('erased')}</Status>;
  return <Status tone={status === 'active' ? 'good' : 'bad'}>{t(status)}</Status>;
}
