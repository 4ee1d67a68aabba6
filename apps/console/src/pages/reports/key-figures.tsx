import { Card, SimpleGrid, Text } from '@mantine/core';

export interface KeyFigure {
  readonly label: string;
  readonly value: string;
  readonly hint?: string | undefined;
}

/** As many as stand in one line of a screen of usual width, and of a wide one. */
const FEW = 4;
const MANY = 5;

/** The sums of a report, before its rows. */
export function KeyFigures({ figures }: { figures: readonly KeyFigure[] }) {
  const count = figures.length;
  return (
    <SimpleGrid cols={{ base: 2, md: count > FEW ? 3 : count, lg: count > MANY ? 3 : count, xl: count }} spacing="sm">
      {figures.map(({ label, value, hint }) => (
        <Card key={label} withBorder padding="sm">
          <Text size="sm" c="dimmed">
            {label}
          </Text>
          <Text fw={650} fz={{ base: 'md', sm: 'lg' }} className="figures">
            {value}
          </Text>
          {hint === undefined ? null : (
            <Text size="xs" c="dimmed">
              {hint}
            </Text>
          )}
        </Card>
      ))}
    </SimpleGrid>
  );
}
