import { Badge, VisuallyHidden } from '@mantine/core';
import { getAlertSummary } from '@turnpike/contracts/alerts.js';
import { useEndpoint } from '../../api/use-endpoint.js';
import { useWords } from '../../words/use-words.js';
import { alertWords } from './alert-words.js';

const MOST = 99;

/** How many alerts nobody has taken over, for the navigation; nothing when there is none. */
export function AlertCount() {
  const t = useWords(alertWords);
  const { open = 0, critical = 0 } = useEndpoint(getAlertSummary).data ?? {};
  if (open === 0) return null;
  return (
    <Badge size="sm" variant="filled" color={critical > 0 ? 'red' : 'orange'} autoContrast className="figures">
      <span aria-hidden>{open > MOST ? `${MOST}+` : open}</span>
      <VisuallyHidden>{t('strip', { count: open })}</VisuallyHidden>
    </Badge>
  );
}
