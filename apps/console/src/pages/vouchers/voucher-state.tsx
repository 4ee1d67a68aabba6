import type { VoucherState as State } from '@turnpike/contracts/vouchers.js';
import { Status, type Tone } from '../../kit/status.js';
import { useWords } from '../../words/use-words.js';
import { vouchersWords } from './vouchers-words.js';

const TONES: Readonly<Record<State, Tone>> = { unused: 'good', redeemed: 'busy', revoked: 'bad', expired: 'quiet' };

export function VoucherState({ state }: { state: State }) {
  const t = useWords(vouchersWords);
  return <Status tone={TONES[state]}>{t(state)}</Status>;
}
