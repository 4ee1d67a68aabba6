import { Box, Code, Stack, Table, Text } from '@mantine/core';
import { Status, type Tone } from '../../kit/status.js';
import { When } from '../../kit/when.js';
import { useWords } from '../../words/use-words.js';
import { LongValue } from './long-value.js';
import type { RunWithJournal } from './run-timeline.js';
import { runWords } from './run-words.js';

type Entry = RunWithJournal['journal'][number];

const TONES: Readonly<Record<Entry['state'], Tone>> = { intended: 'busy', done: 'good', undone: 'warn' };

/** Every change that was made on the router. */
export function JournalTable({ journal }: { journal: readonly Entry[] }) {
  const t = useWords(runWords);
  if (journal.length === 0) return <Text size="sm">{t('journalNone')}</Text>;
  return (
    <Table.ScrollContainer minWidth={0} type="native">
      <Table verticalSpacing={6}>
        <caption hidden>{t('journal')}</caption>
        <Table.Thead>
          <Table.Tr>
            <Heading text={t('number')} />
            <Heading text={t('menu')} />
            <Table.Th scope="col" visibleFrom="sm">
              <Text size="xs" c="dimmed" fw={600} span>
                {t('journalState')}
              </Text>
            </Table.Th>
            <Table.Th scope="col" ta="right" visibleFrom="sm">
              <Text size="xs" c="dimmed" fw={600} span>
                {t('at')}
              </Text>
            </Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {journal.map((entry) => (
            <Table.Tr key={entry.seq}>
              <Table.Td className="figures" valign="top">
                {entry.seq}
              </Table.Td>
              <Table.Td>
                <EntryText entry={entry} />
              </Table.Td>
              <Table.Td valign="top" visibleFrom="sm">
                <Status tone={TONES[entry.state]}>{t(entry.state)}</Status>
              </Table.Td>
              <Table.Td ta="right" valign="top" visibleFrom="sm">
                <Text size="sm" span>
                  <When at={entry.at} />
                </Text>
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  );
}

function Heading({ text }: { text: string }) {
  return (
    <Table.Th scope="col">
      <Text size="xs" c="dimmed" fw={600} span>
        {text}
      </Text>
    </Table.Th>
  );
}

function EntryText({ entry }: { entry: Entry }) {
  const t = useWords(runWords);
  const changed = Object.entries(entry.changes).map(([name, value]) => `${name}=${textOf(value)}`);
  return (
    <Stack gap={2} align="flex-start">
      <Text size="sm" style={{ overflowWrap: 'anywhere' }}>
        <Code>{entry.path}</Code> <b>{entry.key}</b> {t(entry.op)}
      </Text>
      <Box hiddenFrom="sm">
        <Status tone={TONES[entry.state]}>{t(entry.state)}</Status>
      </Box>
      {changed.length === 0 ? null : (
        <Text component="div" size="xs" c="dimmed" ff="monospace" style={{ overflowWrap: 'anywhere' }}>
          <LongValue text={changed.join(' ')} />
        </Text>
      )}
    </Stack>
  );
}

function textOf(value: unknown): string {
  if (typeof value === 'string') return value;
  if (typeof value === 'object' && value !== null && 'to' in value && typeof value.to === 'string') {
    const from = 'from' in value && typeof value.from === 'string' ? value.from : '';
    return `${from}→${value.to}`;
  }
  return JSON.stringify(value);
}
