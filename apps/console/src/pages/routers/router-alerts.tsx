import { Anchor, Box, Group, Stack, Text } from '@mantine/core';
import { listAlerts, type AlertState as State, type AlertView } from '@turnpike/contracts/alerts.js';
import { Link } from 'react-router';
import { useEndpoint } from '../../api/use-endpoint.js';
import { Loaded } from '../../kit/loaded.js';
import { RowLink } from '../../kit/row-link.js';
import { Section } from '../../kit/section.js';
import { When } from '../../kit/when.js';
import { useWords } from '../../words/use-words.js';
import { AlertState } from '../alerts/alert-state.js';
import { alertWords } from '../alerts/alert-words.js';
import { useAlertTitle } from '../alerts/use-alert-title.js';
import { routerWords } from './router-words.js';

/** Far more than the kinds of alerts that a router can have at a time. */
const MOST_GOING_ON = 20;
const MOST_OVER = 5;

/** What is wrong with a router now, and what was lately. */
export function RouterAlerts({ routerId }: { routerId: string }) {
  const t = useWords(routerWords);
  const asked = useAlertsOf(routerId);
  return (
    <Section
      title={t('alerts')}
      actions={
        <Anchor component={Link} to={`/alerts?state=resolved&routerId=${routerId}`} size="sm">
          {t('alertsEarlier')}
        </Anchor>
      }
    >
      <Loaded asked={asked} height={44}>
        {(alerts) =>
          alerts.length === 0 ? (
            <Text size="sm" c="dimmed">
              {t('alertsNone')}
            </Text>
          ) : (
            <Stack component="ul" gap="sm" m={0} p={0} style={{ listStyle: 'none' }}>
              {alerts.map((alert) => (
                <Row key={alert.id} alert={alert} />
              ))}
            </Stack>
          )
        }
      </Loaded>
    </Section>
  );
}

/** What goes on before what is over, however old it is. */
function useAlertsOf(routerId: string) {
  const queryOf = (state: State, limit: number) => ({ query: { routerId, state, limit } });
  const lists = [
    useEndpoint(listAlerts, queryOf('open', MOST_GOING_ON)),
    useEndpoint(listAlerts, queryOf('acknowledged', MOST_GOING_ON)),
    useEndpoint(listAlerts, queryOf('resolved', MOST_OVER)),
  ];
  const alerts = lists.flatMap(({ data }) => data?.items ?? []);
  return {
    data: lists.every(({ data }) => data !== undefined) ? alerts : undefined,
    error: lists.find(({ error }) => error !== null)?.error ?? null,
    refetch: () => Promise.all(lists.map((list) => list.refetch())),
  };
}

function Row({ alert }: { alert: AlertView }) {
  const t = useWords(alertWords);
  const titleOf = useAlertTitle();
  return (
    <Group component="li" gap="sm" align="flex-start" justify="space-between">
      <Box flex="1 1 260px">
        <RowLink to={`/alerts/${alert.id}`}>{titleOf(alert)}</RowLink>
        <Text size="xs" c="dimmed">
          {alert.resolvedAt === null ? t('since') : t('lasted')}: <When at={alert.resolvedAt ?? alert.openedAt} />
          {alert.acknowledgedBy === null ? '' : ` · ${t('takenBy')} ${alert.acknowledgedBy.name}`}
        </Text>
      </Box>
      <AlertState alert={alert} />
    </Group>
  );
}
