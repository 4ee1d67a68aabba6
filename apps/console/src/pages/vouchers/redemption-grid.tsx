import { Box, Group, Progress, ScrollArea, Stack, Table, Text } from '@mantine/core';
import { getBatchRedemptions, type BatchRedemptions } from '@turnpike/contracts/vouchers.js';
import { useEndpoint } from '../../api/use-endpoint.js';
import { CopyAs } from '../../kit/copy-as.js';
import { Loaded } from '../../kit/loaded.js';
import { Section } from '../../kit/section.js';
import { useWords } from '../../words/use-words.js';
import { redemptionMap, shareOf, type RedemptionMap } from './redemption-map.js';
import { vouchersWords } from './vouchers-words.js';

const WEEKDAYS = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const;
const EVERY_HOURS = 3;
const FAINTEST = 0.18;
const MOST_DAYS = 14;

/** Where and when people use the cards of a batch: by site, by day, and by hour of the week. */
export function RedemptionGrid({ batchId }: { batchId: string }) {
  const t = useWords(vouchersWords);
  const asked = useEndpoint(getBatchRedemptions, { params: { id: batchId } });
  const { data } = asked;
  return (
    <Section
      title={t('map')}
      {...(data === undefined ? {} : { about: t('mapAbout', { zone: data.timeZone, count: data.redeemed }) })}
      actions={<CopyAs endpoint={getBatchRedemptions} input={{ params: { id: batchId } }} />}
    >
      <Loaded asked={asked} height={240}>
        {(found) =>
          found.redeemed === 0 ? (
            <Text size="sm">{t('mapNone')}</Text>
          ) : (
            <Stack gap="lg">
              <Sites found={found} />
              <Grid map={redemptionMap(found.byHour)} />
              <Days days={found.byDay} />
            </Stack>
          )
        }
      </Loaded>
    </Section>
  );
}

function Sites({ found: { bySite, notOnlineYet } }: { found: BatchRedemptions }) {
  const t = useWords(vouchersWords);
  return (
    <div>
      <Text size="xs" c="dimmed" fw={600} mb={4}>
        {t('mapSites')}
      </Text>
      <Stack gap={6} maw={560}>
        {bySite.map(({ site, redeemed }) => (
          <Group key={site ?? ''} gap="sm" wrap="nowrap">
            <Text size="sm" w={{ base: 110, xs: 190 }} truncate>
              {site ?? t('mapNoSite')}
            </Text>
            <Progress
              flex={1}
              value={shareOf(redeemed, bySite)}
              aria-label={`${site ?? t('mapNoSite')}: ${redeemed}`}
            />
            <Text size="sm" w={56} ta="right" className="figures">
              {redeemed}
            </Text>
          </Group>
        ))}
        {notOnlineYet === 0 ? null : (
          <Text size="sm" c="dimmed">
            {t('mapNotOnline', { count: notOnlineYet })}
          </Text>
        )}
      </Stack>
    </div>
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

function Days({ days }: { days: BatchRedemptions['byDay'] }) {
  const t = useWords(vouchersWords);
  return (
    <div>
      <Text size="xs" c="dimmed" fw={600} mb={4}>
        {t('mapDays')}
      </Text>
      <Group gap="md">
        {days.slice(-MOST_DAYS).map(({ day, redeemed }) => (
          <Text key={day} size="sm" className="figures">
            {day}: <b>{redeemed}</b>
          </Text>
        ))}
      </Group>
    </div>
  );
}
