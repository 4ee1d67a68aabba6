import type { EntitlementView } from '@turnpike/contracts/customers.js';
import { Status, type Tone } from '../../kit/status.js';
import { useWords } from '../../words/use-words.js';
import { entitlementWords } from './entitlement-words.js';

const TONES: Readonly<Record<EntitlementView['state'], Tone>> = {
  pending: 'busy',
  active: 'good',
  expired: 'quiet',
  exhausted: 'quiet',
  suspended: 'bad',
  refunded: 'quiet',
};

export function EntitlementState({ state }: { state: EntitlementView['state'] }) {
  const t = useWords(entitlementWords);
  return <Status tone={TONES[state]}>{t(state)}</Status>;
}
