import { Group, Progress, Stack, Text } from '@mantine/core';
import { getBatchRedemptions, type BatchRedemptions } from '@turnpike/contracts/vouchers.js';
import { useEndpoint } from '../../api/use-endpoint.js';
import { CopyAs } from '../../kit/copy-as.js';
import { Loaded } from '../../kit/loaded.js';
import { Section } from '../../kit/section.js';
import { WeekGrid } from '../../kit/week-grid.js';
import { useWords } from '../../words/use-words.js';
import { redemptionMap, shareOf, type RedemptionMap } from './redemption-map.js';
import { vouchersWords } from './vouchers-words.js';

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
    <WeekGrid
      caption={t('map')}
      hours={map.hours}
      most={map.most}
      dayName={t}
      label={(day, hour, count) => t('mapCell', { day: t(day), hour, count })}
      cellHeight={22}
      dayWidth={44}
      minWidth={560}
      maxWidth={900}
      faintest={0.18}
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
