import { Anchor, Button, Group, List, Text, ThemeIcon } from '@mantine/core';
import { IconDeviceMobile, IconPackage, IconWorld } from '@tabler/icons-react';
import type { RouterDetailsView } from '@turnpike/contracts/routers.js';
import type { ReactNode } from 'react';
import { Link } from 'react-router';
import { useWords } from '../../../words/use-words.js';
import { deployedServicesOf } from '../deployed-services.js';
import { addWords } from './add-words.js';
import { StepCard } from './step-card.js';

/** What comes after the router works. */
export function DoneStep({ router }: { router: RouterDetailsView }) {
  const t = useWords(addWords);
  const interfaces = deployedServicesOf(router).flatMap((service) =>
    service.type === 'hotspot' ? service.interfaces : [],
  );
  return (
    <StepCard
      title={t('doneTitle', { name: router.name })}
      about={t('doneText')}
      next={
        <Group gap="xs">
          <Button component={Link} to="/routers/new" variant="default">
            {t('addAnother')}
          </Button>
          <Button component={Link} to={`/routers/${router.id}`}>
            {t('toRouter')}
          </Button>
        </Group>
      }
    >
      <List spacing="md" listStyleType="none">
        <Next icon={<IconPackage size={18} aria-hidden />} text={t('donePackageText')}>
          <Anchor component={Link} to="/packages/new" fw={600}>
            {t('donePackage')}
          </Anchor>
        </Next>
        <Next icon={<IconWorld size={18} aria-hidden />} text={t('donePortalText')}>
          <Anchor href="/portal" target="_blank" rel="noreferrer" fw={600}>
            {t('donePortal')}
          </Anchor>
        </Next>
        <Next
          icon={<IconDeviceMobile size={18} aria-hidden />}
          text={interfaces.length === 0 ? t('doneDialText') : t('donePhoneText', { interfaces: interfaces.join(', ') })}
        >
          <Text fw={600} span>
            {t(interfaces.length === 0 ? 'doneDial' : 'donePhone')}
          </Text>{' '}
          <Anchor component={Link} to="/vouchers/new" size="sm">
            {t('doneVouchers')}
          </Anchor>
        </Next>
      </List>
    </StepCard>
  );
}

function Next({ icon, text, children }: { icon: ReactNode; text: string; children: ReactNode }) {
  return (
    <List.Item
      icon={
        <ThemeIcon variant="light" size={32}>
          {icon}
        </ThemeIcon>
      }
    >
      {children}
      <Text size="sm" c="dimmed" maw={600}>
        {text}
      </Text>
    </List.Item>
  );
}
