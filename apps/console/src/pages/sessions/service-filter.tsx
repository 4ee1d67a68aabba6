import { serviceTypes } from '@turnpike/contracts/packages.js';
import { ChoiceFilter } from '../../kit/filter-bar.js';
import { useWords } from '../../words/use-words.js';
import { sessionsWords } from './sessions-words.js';

interface Props {
  readonly value: string | undefined;
  readonly onChange: (service: string) => void;
}

/** Sessions of what was bought for one service. */
export function ServiceFilter({ value = '', onChange }: Props) {
  const t = useWords(sessionsWords);
  const choices = serviceTypes.map((type) => ({ value: type, label: t(type) }));
  return <ChoiceFilter label={t('bought')} value={value} onChange={onChange} choices={choices} />;
}
