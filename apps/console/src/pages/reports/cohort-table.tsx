import { Box, Table, Text } from '@mantine/core';
import type { ChurnReport } from '@turnpike/contracts/reports.js';
import { Section } from '../../kit/section.js';
import { useLanguage } from '../../words/language.js';
import { useWords } from '../../words/use-words.js';
import { churnWords } from './churn-words.js';
import { monthText } from './month-text.js';

/** How strong the colour of a part may be, so that the figure on it can still be read. */
const STRONGEST = 55;

/** Who began in which month, and which part of them bought again. */
export function CohortTable({ cohorts }: { cohorts: ChurnReport['cohorts'] }) {
  const t = useWords(churnWords);
  const language = useLanguage();
  const longest = Math.max(0, ...cohorts.map(({ bought }) => bought.length - 1));
  const later = Array.from({ length: longest }, (_, index) => index + 1);
  return (
    <Section title={t('cohorts')} about={t('cohortsAbout')}>
      {cohorts.length === 0 ? <Text size="sm">{t('noCohorts')}</Text> : null}
      <Table.ScrollContainer minWidth={0} type="native">
        <Table verticalSpacing={4} horizontalSpacing="xs" withRowBorders={false}>
          <caption hidden>{t('cohorts')}</caption>
          <Table.Thead>
            <Table.Tr>
              {[t('began'), t('count'), ...later.map((count) => t('later', { count }))].map((title, index) => (
                <Table.Th key={title} scope="col" ta={index === 0 ? undefined : 'right'}>
                  <Text size="xs" c="dimmed" fw={600} span className="one-line">
                    {title}
                  </Text>
                </Table.Th>
              ))}
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {cohorts.map(({ month, customers, bought }) => (
              <Table.Tr key={month}>
                <Table.Th scope="row">
                  <Text size="sm" className="one-line">
                    {monthText(month, language)}
                  </Text>
                </Table.Th>
                <Table.Td ta="right" className="figures">
                  {customers}
                </Table.Td>
                {later.map((count) => (
                  <Table.Td key={count} ta="right" className="figures" p={2}>
                    <Part month={monthText(month, language)} customers={customers} bought={bought[count]} at={count} />
                  </Table.Td>
                ))}
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </Table.ScrollContainer>
    </Section>
  );
}

interface PartProps {
  readonly month: string;
  readonly customers: number;
  /** Undefined: that month has not come yet. */
  readonly bought: number | undefined;
  readonly at: number;
}

function Part({ month, customers, bought, at }: PartProps) {
  const t = useWords(churnWords);
  if (bought === undefined) return null;
  const percent = customers === 0 ? 0 : Math.round((100 * bought) / customers);
  const label = t('cell', { month, percent, bought, count: at });
  return (
    <Box
      title={label}
      aria-label={label}
      px="xs"
      py={4}
      bdrs={3}
      miw={56}
      style={{
        background: `color-mix(in srgb, var(--mantine-primary-color-filled) ${Math.round((STRONGEST * percent) / 100)}%, transparent)`,
      }}
    >
      {percent} %
    </Box>
  );
}
