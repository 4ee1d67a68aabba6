import { Alert, Button, Group, List, Skeleton, Stack, Text } from '@mantine/core';
import { IconCircleCheck, IconHelpCircle, IconRefresh } from '@tabler/icons-react';
import { explainAccess, type AccessAnswer } from '@turnpike/contracts/access.js';
import { listEntitlements, type CustomerView } from '@turnpike/contracts/customers.js';
import { listDevices } from '@turnpike/contracts/devices.js';
import { useEndpoint } from '../../api/use-endpoint.js';
import { Refusal } from '../../kit/refusal.js';
import { RowLink } from '../../kit/row-link.js';
import { Section } from '../../kit/section.js';
import { Status } from '../../kit/status.js';
import { When } from '../../kit/when.js';
import { useWords } from '../../words/use-words.js';
import { whyAct, whyAdvice } from './why.js';
import { WhyButton } from './why-button.js';
import { whyWords } from './why-words.js';

interface Props {
  readonly customer: CustomerView;
  readonly onSell: () => void;
}

const USUAL_HEIGHT = 190;

/** What stands in the way, what to do, and a button that does it. */
export function CustomerWhy({ customer, onSell }: Props) {
  const t = useWords(whyWords);
  const params = { id: customer.id };
  const asked = useEndpoint(explainAccess, { params });
  const entitlements = useEndpoint(listEntitlements, { params });
  const devices = useEndpoint(listDevices, { params });
  const answer = asked.data;
  if (answer === undefined) {
    return asked.error === null ? (
      <Skeleton h={USUAL_HEIGHT} />
    ) : (
      <Refusal problem={asked.error} again={() => void asked.refetch()} />
    );
  }
  const isFine = answer.verdict === 'accept';
  const advice = whyAdvice(answer);
  const act = whyAct({
    answer,
    customer,
    entitlements: entitlements.data?.items ?? [],
    devices: devices.data?.items ?? [],
  });
  return (
    <Section
      title={t(isFine ? 'titleFine' : 'title')}
      actions={
        <Button
          size="xs"
          variant="default"
          leftSection={<IconRefresh size={14} />}
          loading={asked.isFetching}
          onClick={() => void asked.refetch()}
        >
          {t('again')}
        </Button>
      }
    >
      <Stack gap="sm">
        <Alert
          color={isFine ? 'green' : 'orange'}
          icon={isFine ? <IconCircleCheck /> : <IconHelpCircle />}
          title={t(answer.verdict)}
        >
          <Stack gap="xs" align="flex-start">
            {advice === undefined ? null : <Text size="sm">{t(advice)}</Text>}
            <Text size="sm" c="dimmed" lang="en">
              {answer.message}
            </Text>
            {act === undefined ? null : <WhyButton act={act} customer={customer} onSell={onSell} />}
          </Stack>
        </Alert>
        <Places answer={answer} />
        <Logins answer={answer} />
      </Stack>
    </Section>
  );
}

function Places({ answer: { devicesOnline } }: { answer: AccessAnswer }) {
  const t = useWords(whyWords);
  if (devicesOnline.length === 0) return null;
  return (
    <div>
      <Text size="xs" c="dimmed" fw={600}>
        {t('holding')}
      </Text>
      <List size="sm" listStyleType="none">
        {devicesOnline.map(({ device, name, until }) => (
          <List.Item key={device}>
            {name === null || name === '' ? device : `${name} · ${device}`} · {t('until')}{' '}
            <When at={until} style="exact" />
          </List.Item>
        ))}
      </List>
    </div>
  );
}

function Logins({ answer: { lastDecisions } }: { answer: AccessAnswer }) {
  const t = useWords(whyWords);
  return (
    <div>
      <Text size="xs" c="dimmed" fw={600} mb={4}>
        {t('lastLogins')}
      </Text>
      {lastDecisions.length === 0 ? <Text size="sm">{t('noLogins')}</Text> : null}
      <Stack gap={6}>
        {lastDecisions.map(({ at, outcome, router, device }) => (
          <Group key={`${at} ${outcome}`} gap="xs">
            <Text size="sm" c="dimmed">
              <When at={at} />
            </Text>
            <Status tone={outcome === 'accept' ? 'good' : 'bad'}>
              {t(outcome === 'accept' ? 'accept_let_in' : outcome)}
            </Status>
            <Text size="sm">
              {router === null ? null : (
                <>
                  {t('at')} <RowLink to={`/routers/${router.id}`}>{router.name}</RowLink>
                </>
              )}
              {device === null ? '' : ` · ${device}`}
            </Text>
          </Group>
        ))}
      </Stack>
    </div>
  );
}
