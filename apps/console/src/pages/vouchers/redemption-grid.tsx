import { Box, Button, Group, ScrollArea, Skeleton, Table, Text } from '@mantine/core';
import { listVouchers } from '@turnpike/contracts/vouchers.js';
import { usePages } from '../../api/use-endpoint.js';
import { Refusal } from '../../kit/refusal.js';
import { Section } from '../../kit/section.js';
import { operatorZone } from '../../kit/zone.js';
import { useWords } from '../../words/use-words.js';
import { redemptionMap, type RedemptionMap } from './redemption-map.js';
import { vouchersWords } from './vouchers-words.js';

const WEEKDAYS = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const;
const AT_ONCE = 200;
const EVERY_HOURS = 3;
const FAINTEST = 0.18;
const MOST_DAYS = 14;

/** When people use the cards of a batch: by weekday and hour, and by day. */
export function RedemptionGrid({ batchId }: { batchId: string }) {
  const t = useWords(vouchersWords);
  const zone = operatorZone();
  const pages = usePages(listVouchers, { query: { batchId, state: 'redeemed', limit: AT_ONCE } });
  const map = pages.items === undefined ? undefined : redemptionMap(pages.items, zone);
  return (
    <Section title={t('map')} {...(map === undefined ? {} : { about: t('mapAbout', { zone, count: map.total }) })}>
      {pages.error === null ? null : <Refusal problem={pages.error} again={pages.again} />}
      {map === undefined && pages.error === null ? <Skeleton h={240} /> : null}
      {map?.total === 0 ? <Text size="sm">{t('mapNone')}</Text> : null}
      {map === undefined || map.total === 0 ? null : (
        <>
          <Grid map={map} />
          <Days map={map} />
        </>
      )}
      {pages.hasMore ? (
        <Group mt="sm">
          <Button size="xs" variant="default" onClick={pages.more} loading={pages.isFetching}>
            {t('mapMore')}
          </Button>
        </Group>
      ) : null}
    </Section>
  );
}

function Grid({ map }: { map: RedemptionMap }) {
  const t = useWords(vouchersWords);
  return (
    <ScrollArea type="auto" offsetScrollbars>
      <Table layout="fixed" withRowBorders={false} verticalSpacing={1} horizontalSpacing={1} miw={560} maw={900}>
        <caption hidden>{t('map')}</caption>
        <Table.Thead>
          <Table.Tr>
            <Table.Th w={44} />
            {map.hours[0]?.map((_count, hour) => (
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
              {map.hours[index]?.map((count, hour) => (
                <Table.Td key={hour}>
                  <Cell count={count} most={map.most} label={t('mapCell', { day: t(day), hour, count })} />
                </Table.Td>
              ))}
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </ScrollArea>
  );
}

function Cell({ count, most, label }: { count: number; most: number; label: string }) {
  const strength = count === 0 ? 0 : Math.round(100 * (FAINTEST + ((1 - FAINTEST) * count) / most));
  return (
    <Box
      h={22}
      bdrs={3}
      title={label}
      aria-label={label}
      role="img"
      style={{
        background:
          count === 0
            ? 'var(--mantine-color-default-hover)'
            : `color-mix(in srgb, var(--mantine-primary-color-filled) ${strength}%, transparent)`,
      }}
    />
  );
}

function Days({ map }: { map: RedemptionMap }) {
  const t = useWords(vouchersWords);
  return (
    <>
      <Text size="xs" c="dimmed" fw={600} mt="sm">
        {t('mapDays')}
      </Text>
      <Group gap="md">
        {map.days.slice(-MOST_DAYS).map(({ day, count }) => (
          <Text key={day} size="sm" className="figures">
            {day}: <b>{count}</b>
          </Text>
        ))}
      </Group>
    </>
  );
}
