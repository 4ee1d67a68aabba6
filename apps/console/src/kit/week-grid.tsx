import { Box, ScrollArea, Table, Text } from '@mantine/core';
import { WEEKDAYS, type Weekday } from './weekdays.js';

interface Props {
  readonly caption: string;
  /** By weekday (Monday first), then hour. */
  readonly hours: readonly (readonly number[])[];
  /** The fullest of them. */
  readonly most: number;
  readonly dayName: (day: Weekday) => string;
  /** What one hour says to who points at it or hears it. */
  readonly label: (day: Weekday, hour: number, value: number) => string;
  /** Pixels. */
  readonly cellHeight: number;
  readonly dayWidth: number;
  readonly minWidth: number;
  readonly maxWidth?: number;
  /** Part of the colour that the faintest hour with anything in it has, so that it still stands out; the fullest has all. */
  readonly faintest: number;
}

const HOURS = Array.from({ length: 24 }, (_, hour) => hour);
const EVERY_HOURS = 3;

/** The hours of a week, the fuller the stronger their colour. */
export function WeekGrid({ caption, hours, most, dayName, label, ...look }: Props) {
  const width = look.maxWidth === undefined ? {} : { maw: look.maxWidth };
  return (
    <ScrollArea type="auto" offsetScrollbars>
      <Table
        layout="fixed"
        withRowBorders={false}
        verticalSpacing={1}
        horizontalSpacing={1}
        miw={look.minWidth}
        {...width}
      >
        <caption hidden>{caption}</caption>
        <Table.Thead>
          <Table.Tr>
            <Table.Th w={look.dayWidth} />
            {HOURS.map((hour) => (
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
                  {dayName(day)}
                </Text>
              </Table.Th>
              {(hours[index] ?? []).map((value, hour) => (
                <Table.Td key={hour}>
                  <Cell
                    height={look.cellHeight}
                    strength={value <= 0 ? 0 : look.faintest + ((1 - look.faintest) * value) / most}
                    label={label(day, hour, value)}
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

function Cell({ height, strength, label }: { height: number; strength: number; label: string }) {
  return (
    <Box
      h={height}
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
