import { Anchor, Button, Group, Stack, Text } from '@mantine/core';
import type { RecentItem } from '@turnpike/contracts/dashboard.js';
import { assertNever } from '@turnpike/core/assert-never.js';
import { Link } from 'react-router';
import { Section } from '../../kit/section.js';
import { When } from '../../kit/when.js';
import { useMay } from '../../session/session.js';
import { pageOf } from '../../shell/page-of.js';
import { useWords } from '../../words/use-words.js';
import { dashboardWords } from './dashboard-words.js';
import { RecentKind } from './recent-kind.js';

/** The newest things that were done, each leading to what it was done to. */
export function RecentActivity({ recent }: { recent: readonly RecentItem[] }) {
  const t = useWords(dashboardWords);
  const maySeeAll = useMay('audit:read');
  return (
    <Section
      title={t('recent')}
      actions={
        maySeeAll ? (
          <Button component={Link} to="/audit" variant="default" size="xs">
            {t('all')}
          </Button>
        ) : null
      }
    >
      {recent.length === 0 ? (
        <Text size="sm" c="dimmed">
          {t('recentNone')}
        </Text>
      ) : null}
      <Stack gap={6} component="ul" m={0} p={0} style={{ listStyle: 'none' }}>
        {recent.map((item) => (
          <Group key={`${item.at} ${item.kind} ${item.text}`} component="li" justify="space-between" wrap="nowrap">
            <div>
              {item.link === null ? (
                <Text size="sm">
                  <RecentKind kind={item.kind} />
                </Text>
              ) : (
                <Anchor component={Link} to={addressOf(item.link)} size="sm" className="row-link">
                  <RecentKind kind={item.kind} />
                </Anchor>
              )}
              <Text size="xs" c="dimmed" style={{ overflowWrap: 'anywhere' }}>
                {item.text}
              </Text>
            </div>
            <Text size="xs" c="dimmed" flex="none">
              <When at={item.at} />
            </Text>
          </Group>
        ))}
      </Stack>
    </Section>
  );
}

function addressOf({ type, id }: NonNullable<RecentItem['link']>): string {
  switch (type) {
    case 'router':
    case 'customer':
    case 'payment':
      return pageOf({ kind: type, id });
    case 'run':
      return `/runs/${id}`;
    case 'operator':
      return `/settings/operators/${encodeURIComponent(id)}`;
    default:
      return assertNever(type);
  }
}
