import { Alert, Anchor, Group, Text } from '@mantine/core';
import { IconAlertTriangle } from '@tabler/icons-react';
import { getAlertSummary } from '@turnpike/contracts/alerts.js';
import { Link } from 'react-router';
import { useEndpoint } from '../../api/use-endpoint.js';
import { useWords } from '../../words/use-words.js';
import { alertWords } from './alert-words.js';
import { useAlertTitle } from './use-alert-title.js';

/** The worst of what is open, and how much there is, for the front page; nothing when nothing is. */
export function AlertStrip() {
  const t = useWords(alertWords);
  const titleOf = useAlertTitle();
  const summary = useEndpoint(getAlertSummary).data;
  if (summary === undefined || summary.newest === null) return null;
  const { newest, open, critical } = summary;
  return (
    <Alert
      role="status"
      variant="light"
      color={critical > 0 ? 'red' : 'orange'}
      icon={<IconAlertTriangle aria-hidden />}
      title={t('strip', { count: open })}
    >
      <Group justify="space-between" gap="xs">
        <Text size="sm" flex="1 1 240px">
          <Anchor component={Link} to={`/alerts/${newest.id}`} inherit c="inherit" underline="always">
            {titleOf(newest)}
          </Anchor>
        </Text>
        <Anchor component={Link} to="/alerts" size="sm" fw={600} c="inherit" underline="always">
          {t('seeAll')}
        </Anchor>
      </Group>
    </Alert>
  );
}
