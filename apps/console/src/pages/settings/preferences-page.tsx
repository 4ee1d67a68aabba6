import { Card, Group, SegmentedControl, Select, Stack, Text, useMantineColorScheme } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useState } from 'react';
import { chooseZone, operatorZone } from '../../kit/zone.js';
import { LanguageChoice } from '../../shell/language-choice.js';
import { useWords } from '../../words/use-words.js';
import { SettingsFrame } from './settings-frame.js';
import { settingsWords } from './settings-words.js';

const SCHEMES = ['light', 'dark', 'auto'] as const;

/** How this browser shows things. */
export function PreferencesPage() {
  const t = useWords(settingsWords);
  const [zone, setZone] = useState(operatorZone);
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  const choose = (chosen: string | null) => {
    if (chosen === null) return;
    chooseZone(chosen);
    setZone(chosen);
    notifications.show({ color: 'green', message: t('zoneSaved', { zone: chosen }) });
  };
  return (
    <SettingsFrame about={t('prefsAbout')}>
      <Card withBorder maw={560}>
        <Stack>
          <Select
            label={t('zone')}
            description={t('zoneHint')}
            searchable
            allowDeselect={false}
            data={[...new Set([...Intl.supportedValuesOf('timeZone'), 'UTC', zone])].sort()}
            value={zone}
            onChange={choose}
          />
          <Group justify="space-between">
            <Text size="sm" fw={500}>
              {t('language')}
            </Text>
            <LanguageChoice />
          </Group>
          <Group justify="space-between">
            <Text size="sm" fw={500}>
              {t('colours')}
            </Text>
            <SegmentedControl
              size="xs"
              aria-label={t('colours')}
              value={colorScheme}
              onChange={(chosen) => setColorScheme(chosen)}
              data={SCHEMES.map((value) => ({ value, label: t(value) }))}
            />
          </Group>
        </Stack>
      </Card>
    </SettingsFrame>
  );
}
