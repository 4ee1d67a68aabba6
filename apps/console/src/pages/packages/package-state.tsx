import type { PackageView } from '@turnpike/contracts/packages.js';
import { Status } from '../../kit/status.js';
import { useWords } from '../../words/use-words.js';
import { packagesWords } from './packages-words.js';

export function PackageState({ item: { active, archivedAt } }: { item: PackageView }) {
  const t = useWords(packagesWords);
  if (archivedAt !== null) return <Status tone="quiet">{t('archived')}</Status>;
  return <Status tone={active ? 'good' : 'warn'}>{t(active ? 'onSale' : 'offSale')}</Status>;
}
