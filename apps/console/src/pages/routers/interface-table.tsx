import { Box, Group, Table, Text } from '@mantine/core';
import type { getRouterInterfaces } from '@turnpike/contracts/routers.js';
import type { z } from 'zod';
import { Octets, rateText } from '../../kit/figures.js';
import { Status } from '../../kit/status.js';
import { useWords } from '../../words/use-words.js';
import { routerWords } from './router-words.js';
import { pointsOf, type Traffic } from './traffic-samples.js';

const KILO = 1_000;

type Interface = z.output<typeof getRouterInterfaces.response>['items'][number];

interface Props {
  readonly interfaces: readonly Interface[];
  /** Newest last. */
  readonly samples: readonly Traffic[];
}

/** One line an interface, with its rates of the moment. */
export function InterfaceTable({ interfaces, samples }: Props) {
  const t = useWords(routerWords);
  const counters = new Map(samples.at(-1)?.interfaces.map((found) => [found.name, found]));
  const newest = samples.slice(-2);
  return (
    <Table.ScrollContainer minWidth={0} type="native">
      <Table verticalSpacing={6}>
        <caption hidden>{t('interfaces')}</caption>
        <Table.Thead>
          <Table.Tr>
            <Heading text={t('name')} />
            <Heading text={t('state')} from="sm" />
            <Heading text={t('bridge')} from="md" />
            <Heading text={t('receives')} isFigure />
            <Heading text={t('sends')} isFigure />
            <Heading text={t('received')} isFigure from="md" />
            <Heading text={t('sent')} isFigure from="md" />
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {interfaces.map((found) => {
            const counter = counters.get(found.name);
            const now = pointsOf(newest, found.name).at(-1);
            return (
              <Table.Tr key={found.name} h={44}>
                <Table.Td>
                  <Text size="sm" fw={500} style={{ overflowWrap: 'anywhere' }}>
                    {found.name}
                  </Text>
                  <Text size="xs" c="dimmed">
                    {found.type}
                    {found.management ? ` · ${t('management')}` : ''}
                  </Text>
                  <Box hiddenFrom="sm">
                    <LinkState found={found} />
                  </Box>
                </Table.Td>
                <Table.Td visibleFrom="sm">
                  <LinkState found={found} />
                </Table.Td>
                <Table.Td visibleFrom="md">{found.bridge ?? '–'}</Table.Td>
                <Table.Td ta="right" className="figures">
                  <Rate mega={now?.receives ?? null} />
                </Table.Td>
                <Table.Td ta="right" className="figures">
                  <Rate mega={now?.sends ?? null} />
                </Table.Td>
                <Table.Td ta="right" visibleFrom="md">
                  {counter === undefined ? '–' : <Octets value={counter.rxBytes} />}
                </Table.Td>
                <Table.Td ta="right" visibleFrom="md">
                  {counter === undefined ? '–' : <Octets value={counter.txBytes} />}
                </Table.Td>
              </Table.Tr>
            );
          })}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  );
}

function Heading({ text, isFigure = false, from }: { text: string; isFigure?: boolean; from?: 'sm' | 'md' }) {
  return (
    <Table.Th scope="col" ta={isFigure ? 'right' : undefined} visibleFrom={from}>
      <Text size="xs" c="dimmed" fw={600} span>
        {text}
      </Text>
    </Table.Th>
  );
}

function LinkState({ found }: { found: Interface }) {
  const t = useWords(routerWords);
  return (
    <Group gap={4}>
      {found.disabled ? <Status tone="quiet">{t('disabled')}</Status> : null}
      {!found.disabled && found.running ? <Status tone="good">{t('up')}</Status> : null}
      {!found.disabled && !found.running ? <Status tone="quiet">{t('down')}</Status> : null}
    </Group>
  );
}

function Rate({ mega }: { mega: number | null }) {
  return (
    <Text size="sm" span style={{ whiteSpace: 'nowrap' }}>
      {mega === null ? '–' : rateText(Math.round(mega * KILO))}
    </Text>
  );
}
