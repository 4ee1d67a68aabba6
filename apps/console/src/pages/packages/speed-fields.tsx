import { ActionIcon, Button, Checkbox, Group, NumberInput, SimpleGrid, Stack, Text } from '@mantine/core';
import { IconPlus, IconTrash } from '@tabler/icons-react';
import { issueOf } from '../../kit/issue-of.js';
import { Section } from '../../kit/section.js';
import { useWords } from '../../words/use-words.js';
import { newBurst, newStep, type BurstDraft, type Figure, type StepDraft } from './package-draft.js';
import type { FieldsProps } from './package-editor.js';
import { packagesWords } from './packages-words.js';

const MOST_STEPS = 10;

/** Rates, burst, devices and fair use. */
export function SpeedFields({ draft, onChange, problem }: FieldsProps) {
  const t = useWords(packagesWords);
  const setStep = (index: number, change: Partial<StepDraft>) =>
    onChange({ steps: draft.steps.map((step, at) => (at === index ? { ...step, ...change } : step)) });
  return (
    <Section title={t('partSpeed')}>
      <Stack>
        <SimpleGrid cols={{ base: 1, xs: 3 }}>
          <Rate
            label={t('down')}
            value={draft.down}
            onChange={(down) => onChange({ down })}
            error={issueOf(problem, 'downKbps')}
          />
          <Rate
            label={t('up')}
            value={draft.up}
            onChange={(up) => onChange({ up })}
            error={issueOf(problem, 'upKbps')}
          />
          <NumberInput
            label={t('devices')}
            required
            min={1}
            max={100}
            allowDecimal={false}
            value={draft.devices}
            onChange={(devices) => onChange({ devices })}
            error={issueOf(problem, 'devices')}
          />
        </SimpleGrid>
        <Checkbox
          label={t('withBurst')}
          description={t('burstHelp')}
          checked={draft.burst !== null}
          onChange={(event) => onChange({ burst: event.currentTarget.checked ? newBurst : null })}
        />
        {draft.burst === null ? null : (
          <BurstFields burst={draft.burst} onChange={(burst) => onChange({ burst })} problem={problem} />
        )}
        <div>
          <Text size="sm" fw={500}>
            {t('fairUse')}
          </Text>
          <Text size="xs" c="dimmed">
            {t('fairUseHelp')}
          </Text>
        </div>
        {draft.steps.map((step, index) => (
          // Steps have no name of their own; their place is what they are known by.
          <Group key={index} align="flex-end" wrap="nowrap" gap="xs">
            <SimpleGrid cols={3} flex={1} spacing="xs">
              <Rate
                label={t('after')}
                value={step.afterGb}
                onChange={(afterGb) => setStep(index, { afterGb })}
                error={issueOf(problem, `fairUse.${index}.afterOctets`)}
              />
              <Rate
                label={t('down')}
                value={step.down}
                onChange={(down) => setStep(index, { down })}
                error={issueOf(problem, `fairUse.${index}.downKbps`)}
              />
              <Rate
                label={t('up')}
                value={step.up}
                onChange={(up) => setStep(index, { up })}
                error={issueOf(problem, `fairUse.${index}.upKbps`)}
              />
            </SimpleGrid>
            <ActionIcon
              variant="subtle"
              color="gray"
              size={36}
              aria-label={t('removeStep', { number: index + 1 })}
              onClick={() => onChange({ steps: draft.steps.filter((_step, at) => at !== index) })}
            >
              <IconTrash size={18} />
            </ActionIcon>
          </Group>
        ))}
        <Group>
          <Button
            size="xs"
            variant="default"
            leftSection={<IconPlus size={14} />}
            disabled={draft.steps.length >= MOST_STEPS}
            onClick={() => onChange({ steps: [...draft.steps, newStep] })}
          >
            {t('addStep')}
          </Button>
        </Group>
      </Stack>
    </Section>
  );
}

interface BurstProps {
  readonly burst: BurstDraft;
  readonly onChange: (burst: BurstDraft) => void;
  readonly problem: FieldsProps['problem'];
}

const BURST_FIELDS = [
  { key: 'down', label: 'burstDown', path: 'burst.downKbps' },
  { key: 'up', label: 'burstUp', path: 'burst.upKbps' },
  { key: 'thresholdDown', label: 'thresholdDown', path: 'burst.thresholdDownKbps' },
  { key: 'thresholdUp', label: 'thresholdUp', path: 'burst.thresholdUpKbps' },
  { key: 'seconds', label: 'burstSeconds', path: 'burst.seconds' },
] as const;

function BurstFields({ burst, onChange, problem }: BurstProps) {
  const t = useWords(packagesWords);
  return (
    <SimpleGrid cols={{ base: 1, xs: 2 }}>
      {BURST_FIELDS.map(({ key, label, path }) => (
        <Rate
          key={key}
          label={t(label)}
          value={burst[key]}
          onChange={(value) => onChange({ ...burst, [key]: value })}
          error={issueOf(problem, path)}
        />
      ))}
    </SimpleGrid>
  );
}

interface RateProps {
  readonly label: string;
  readonly value: Figure;
  readonly onChange: (value: Figure) => void;
  readonly error?: string | undefined;
}

function Rate(props: RateProps) {
  return <NumberInput {...props} required min={0} decimalScale={3} />;
}
