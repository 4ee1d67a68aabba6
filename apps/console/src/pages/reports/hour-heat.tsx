import { Box, ScrollArea, Table, Text } from '@mantine/core';
import { useWords } from '../../words/use-words.js';
import { WEEKDAYS } from './sales-labels.js';
import { reportWords } from './report-words.js';

interface Props {
  /** By weekday (Monday first), then hour. */
  readonly hours: readonly (readonly number[])[];
  readonly money: (minor: number) => string;
}

const EVERY_HOURS = 3;
/** The faintest hour that sold anything still stands out, the fullest has the colour whole. */
const FAINTEST = 0.15;

/** When of the week most is sold. */
export function HourHeat({ hours, money }: Props) {
  const t = useWords(reportWords);
  const most = Math.max(0, ...hours.flat());
  return (
    <ScrollArea type="auto" offsetScrollbars>
      <Table layout="fixed" withRowBorders={false} verticalSpacing={1} horizontalSpacing={1} miw={620}>
        <caption hidden>{t('heat')}</caption>
        <Table.Thead>
          <Table.Tr>
            <Table.Th w={48} />
            {Array.from({ length: 24 }, (_, hour) => (
              <Table.Th key={hour} scope="col">
                <Text size="xs" c="dimmed" className="figures">
                  {hour % EVERY_HOURS === 0 ? String(hour).padStart(2, '0') : ''}
                </Text>
              </Table.Th>
            ))}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {WEEKDAYS.map((day, index) => (
            <Table.Tr key={day}>
              <Table.Th scope="row">
                <Text size="xs" c="dimmed">
                  {t(day)}
                </Text>
              </Table.Th>
              {(hours[index] ?? []).map((minor, hour) => (
                <Table.Td key={hour}>
                  <Cell
                    strength={minor <= 0 || most === 0 ? 0 : FAINTEST + ((1 - FAINTEST) * minor) / most}
                    label={t('heatCell', { day: t(day), hour: String(hour).padStart(2, '0'), money: money(minor) })}
                  />
                </Table.Td>
              ))}
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </ScrollArea>
  );
}

function Cell({ strength, label }: { strength: number; label: string }) {
  return (
    <Box
      h={28}
      bdrs={3}
      title={label}
      aria-label={label}
      role="img"
      style={{
        background:
          strength === 0
            ? 'var(--mantine-color-default-hover)'
            : `color-mix(in srgb, var(--mantine-primary-color-filled) ${Math.round(100 * strength)}%, transparent)`,
      }}
    />
  );
}
