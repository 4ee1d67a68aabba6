import { Button, Text } from '@mantine/core';
import { getAlert, type AlertView } from '@turnpike/contracts/alerts.js';
import { Link, useParams } from 'react-router';
import { useEndpoint } from '../../api/use-endpoint.js';
import { CopyAs } from '../../kit/copy-as.js';
import { Facts } from '../../kit/facts.js';
import { Loaded } from '../../kit/loaded.js';
import { Page } from '../../kit/page.js';
import { Section } from '../../kit/section.js';
import { When } from '../../kit/when.js';
import { useMay } from '../../session/session.js';
import { useWords } from '../../words/use-words.js';
import { remedyOf } from './alert-remedy.js';
import { AlertState } from './alert-state.js';
import { alertWords } from './alert-words.js';
import { kindWords } from './kind-words.js';
import { TakeOver } from './take-over.js';
import { useAlertTitle } from './use-alert-title.js';
import { useMeasure } from './use-measure.js';

/** One alert: what it means, what to do, and where. */
export function AlertPage() {
  const { id = '' } = useParams();
  const asked = useEndpoint(getAlert, { params: { id } });
  return <Loaded asked={asked}>{(alert) => <Shown alert={alert} />}</Loaded>;
}

function Shown({ alert }: { alert: AlertView }) {
  const t = useWords(alertWords);
  const kinds = useWords(kindWords);
  const titleOf = useAlertTitle();
  const remedy = remedyOf(alert);
  const mayGo = useMay(remedy.needs);
  return (
    <Page
      title={titleOf(alert)}
      trail={[{ label: t('title'), to: '/alerts' }]}
      badge={<AlertState alert={alert} />}
      actions={
        <>
          <CopyAs endpoint={getAlert} input={{ params: { id: alert.id } }} command={`alert ack ${alert.id}`} />
          <TakeOver alert={alert} />
        </>
      }
    >
      <Section title={t('means')}>
        <Text size="sm" maw={760}>
          {kinds(`${alert.kind}_means`)}
        </Text>
      </Section>
      <Section
        title={t('todo')}
        actions={
          mayGo ? (
            <Button component={Link} to={remedy.to} variant="light" size="xs">
              {t(remedy.label)}
            </Button>
          ) : null
        }
      >
        <Text size="sm" maw={760}>
          {kinds(`${alert.kind}_do`)}
        </Text>
      </Section>
      <Section title={t('facts')}>
        <Facts facts={useFacts(alert)} />
      </Section>
    </Page>
  );
}

function useFacts(alert: AlertView) {
  const t = useWords(alertWords);
  const kinds = useWords(kindWords);
  const measure = useMeasure();
  const { unit, value, threshold, acknowledgedBy, note, toldAt, resolvedAt } = alert;
  const measured = [
    { label: t('measured'), value: measure(alert.kind, value) },
    { label: t('from'), value: measure(alert.kind, threshold) },
  ];
  return [
    { label: t('kind'), value: kinds(alert.kind) },
    ...(alert.subject.name === '' ? [] : [{ label: t('aboutWhat'), value: alert.subject.name }]),
    ...(unit === 'none' ? [] : measured),
    { label: t('openedAt'), value: <When at={alert.openedAt} style="exact" /> },
    { label: t('lastSeen'), value: <When at={alert.lastSeenAt} style="exact" /> },
    { label: t('endedAt'), value: resolvedAt === null ? t('goesOn') : <When at={resolvedAt} style="exact" /> },
    { label: t('told'), value: toldAt === null ? t('nobodyTold') : <When at={toldAt} style="exact" /> },
    ...(acknowledgedBy === null ? [] : [{ label: t('takenBy'), value: acknowledgedBy.name }]),
    ...(note === null ? [] : [{ label: t('noteOf'), value: note }]),
  ];
}
