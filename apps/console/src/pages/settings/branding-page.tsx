import { ColorInput, Flex, Select, Text, TextInput } from '@mantine/core';
import { changeBranding, resetBranding, type SettingsView } from '@turnpike/contracts/settings.js';
import { useState } from 'react';
import { useAct } from '../../api/use-act.js';
import { issueOf } from '../../kit/issue-of.js';
import { useWords } from '../../words/use-words.js';
import { GroupForm } from './group-form.js';
import { GroupPage } from './group-page.js';
import { groupWords } from './group-words.js';
import { PortalPreview } from './portal-preview.js';

const FIELDS = ['name', 'color', 'contact', 'timeZone'] as const;
const SWATCHES = ['#0b6b57', '#1b5fb4', '#7a1fa2', '#c2185b', '#c62828', '#b45309', '#37474f', '#111827'];

/** What customers see. */
export function BrandingPage() {
  const t = useWords(groupWords);
  return (
    <GroupPage group="branding" about={t('brandingAbout')}>
      {(settings) => <BrandingForm settings={settings} />}
    </GroupPage>
  );
}

function BrandingForm({ settings }: { settings: SettingsView['branding'] }) {
  const t = useWords(groupWords);
  const [name, setName] = useState(settings.name);
  const [color, setColor] = useState(settings.color);
  const [contact, setContact] = useState(settings.contact);
  const [timeZone, setTimeZone] = useState(settings.timeZone);
  const save = useAct(changeBranding, { ownProblem: true, says: () => t('saved') });
  return (
    <Flex gap="md" direction={{ base: 'column', md: 'row' }} align="flex-start">
      <GroupForm
        held={settings}
        reset={resetBranding}
        isBusy={save.isPending}
        isComplete={name.trim() !== ''}
        problem={save.error}
        fields={FIELDS}
        onSubmit={() => save.mutate({ body: { name, color, contact, timeZone } })}
      >
        <TextInput
          label={t('name')}
          maxLength={60}
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
          error={issueOf(save.error, 'name')}
        />
        <ColorInput
          label={t('color')}
          description={t('colorHint')}
          format="hex"
          withEyeDropper={false}
          fixOnBlur={false}
          swatches={SWATCHES}
          value={color}
          onChange={setColor}
          error={issueOf(save.error, 'color')}
        />
        <TextInput
          label={t('contact')}
          description={t('contactHint')}
          maxLength={200}
          value={contact}
          onChange={(event) => setContact(event.currentTarget.value)}
          error={issueOf(save.error, 'contact')}
        />
        <Select
          label={t('zone')}
          description={t('zoneHint')}
          searchable
          allowDeselect={false}
          data={[...new Set([...Intl.supportedValuesOf('timeZone'), 'UTC', timeZone])].sort()}
          value={timeZone}
          onChange={(chosen) => setTimeZone(chosen ?? timeZone)}
          error={issueOf(save.error, 'timeZone')}
        />
        <Text size="sm" c="dimmed">
          {t('routersNote')}
        </Text>
      </GroupForm>
      <PortalPreview name={name} color={color} contact={contact} />
    </Flex>
  );
}
