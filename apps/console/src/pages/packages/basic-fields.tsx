import { Group, Input, NumberInput, Select, SimpleGrid, Stack, TextInput, Textarea } from '@mantine/core';
import { onRepeats, serviceTypes, validFroms, visibilities } from '@turnpike/contracts/packages.js';
import { useId } from 'react';
import { AmountField } from '../../kit/amount-field.js';
import { issueOf } from '../../kit/issue-of.js';
import { Section } from '../../kit/section.js';
import { soldTermsWords } from '../../kit/sold-terms-words.js';
import { useWords } from '../../words/use-words.js';
import { sizeUnits, timeUnits, type Figure } from './package-draft.js';
import type { FieldsProps } from './package-editor.js';
import { packagesWords } from './packages-words.js';

const CURRENCY = /^[A-Z]{3}$/;
const UNIT_WORDS = { minutes: 'minutes', hours: 'hoursUnit', days: 'days' } as const;

/** The one of `all` that a field holds; the field lists no others. */
function oneOf<Value extends string>(all: readonly Value[], value: string | null, otherwise: Value): Value {
  return all.find((known) => known === value) ?? otherwise;
}

export function OfferFields({ draft, onChange, problem, isNew }: FieldsProps & { isNew: boolean }) {
  const t = useWords(packagesWords);
  const terms = useWords(soldTermsWords);
  return (
    <Section title={t('partOffer')}>
      <SimpleGrid cols={{ base: 1, xs: 2 }}>
        <TextInput
          label={t('name')}
          required
          value={draft.name}
          onChange={(event) => onChange({ name: event.currentTarget.value })}
          error={issueOf(problem, 'name')}
        />
        <Select
          label={t('type')}
          allowDeselect={false}
          disabled={!isNew}
          description={isNew ? undefined : t('typeFixed')}
          inputWrapperOrder={['label', 'input', 'description', 'error']}
          data={serviceTypes.map((value) => ({ value, label: terms(value) }))}
          value={draft.type}
          onChange={(value) => onChange({ type: oneOf(serviceTypes, value, draft.type) })}
          error={issueOf(problem, 'type')}
        />
        <TextInput
          label={t('currency')}
          required
          maxLength={3}
          value={draft.currency}
          onChange={(event) => onChange({ currency: event.currentTarget.value.toUpperCase() })}
          error={issueOf(problem, 'currency')}
        />
        <AmountField
          label={t('price')}
          required
          currency={CURRENCY.test(draft.currency) ? draft.currency : 'KES'}
          initialMinor={draft.priceMinor}
          onChange={(priceMinor) => onChange({ priceMinor })}
          error={issueOf(problem, 'priceMinor')}
        />
      </SimpleGrid>
    </Section>
  );
}

export function TimeFields({ draft, onChange, problem }: FieldsProps) {
  const t = useWords(packagesWords);
  const units = timeUnits.map((value) => ({ value, label: t(UNIT_WORDS[value]) }));
  return (
    <Section title={t('partTime')}>
      <Stack>
        <SimpleGrid cols={{ base: 1, xs: 2 }}>
          <Amount
            label={t('amount')}
            required
            value={draft.validFor}
            onChange={(validFor) => onChange({ validFor })}
            unit={draft.validUnit}
            units={units}
            onUnit={(unit) => onChange({ validUnit: oneOf(timeUnits, unit, draft.validUnit) })}
            error={issueOf(problem, 'validForSeconds')}
          />
          <Select
            label={t('validFrom')}
            allowDeselect={false}
            data={validFroms.map((value) => ({ value, label: t(`from_${value}`) }))}
            value={draft.validFrom}
            onChange={(value) => onChange({ validFrom: oneOf(validFroms, value, draft.validFrom) })}
          />
        </SimpleGrid>
        <SimpleGrid cols={{ base: 1, xs: 2 }}>
          <Amount
            label={t('online')}
            description={t('onlineHelp')}
            value={draft.online}
            onChange={(online) => onChange({ online })}
            unit={draft.onlineUnit}
            units={units}
            onUnit={(unit) => onChange({ onlineUnit: oneOf(timeUnits, unit, draft.onlineUnit) })}
            error={issueOf(problem, 'onlineSeconds')}
          />
          <Amount
            label={t('quota')}
            description={t('quotaHelp')}
            value={draft.quota}
            onChange={(quota) => onChange({ quota })}
            unit={draft.quotaUnit}
            units={sizeUnits.map((value) => ({ value, label: value }))}
            onUnit={(unit) => onChange({ quotaUnit: oneOf(sizeUnits, unit, draft.quotaUnit) })}
            error={issueOf(problem, 'quotaOctets')}
          />
        </SimpleGrid>
      </Stack>
    </Section>
  );
}

export function SaleFields({ draft, onChange, problem }: FieldsProps) {
  const t = useWords(packagesWords);
  return (
    <Section title={t('partSale')}>
      <Stack>
        <SimpleGrid cols={{ base: 1, xs: 2 }}>
          <Select
            label={t('onRepeat')}
            allowDeselect={false}
            data={onRepeats.map((value) => ({ value, label: t(`rep_${value}`) }))}
            value={draft.onRepeat}
            onChange={(value) => onChange({ onRepeat: oneOf(onRepeats, value, draft.onRepeat) })}
          />
          <Select
            label={t('visibility')}
            allowDeselect={false}
            data={visibilities.map((value) => ({ value, label: t(`vis_${value}`) }))}
            value={draft.visibility}
            onChange={(value) => onChange({ visibility: oneOf(visibilities, value, draft.visibility) })}
          />
        </SimpleGrid>
        <Textarea
          label={t('description')}
          description={t('descriptionHelp')}
          autosize
          minRows={2}
          maxLength={1_000}
          value={draft.description}
          onChange={(event) => onChange({ description: event.currentTarget.value })}
          error={issueOf(problem, 'description')}
        />
      </Stack>
    </Section>
  );
}

interface AmountProps {
  readonly label: string;
  readonly description?: string;
  readonly required?: boolean;
  readonly value: Figure;
  readonly onChange: (value: Figure) => void;
  readonly unit: string;
  readonly units: readonly { readonly value: string; readonly label: string }[];
  readonly onUnit: (unit: string | null) => void;
  readonly error?: string | undefined;
}

/** A number with its unit beside. */
function Amount({ label, description, required = false, error, value, onChange, unit, units, onUnit }: AmountProps) {
  const t = useWords(packagesWords);
  const id = useId();
  return (
    <Input.Wrapper
      id={id}
      label={label}
      description={description}
      required={required}
      error={error}
      inputWrapperOrder={['label', 'input', 'description', 'error']}
    >
      <Group gap="xs" wrap="nowrap">
        <NumberInput
          id={id}
          required={required}
          error={error !== undefined}
          min={0}
          decimalScale={3}
          flex={1}
          value={value}
          onChange={onChange}
        />
        <Select
          aria-label={`${label}: ${t('unit')}`}
          allowDeselect={false}
          w={110}
          data={[...units]}
          value={unit}
          onChange={onUnit}
        />
      </Group>
    </Input.Wrapper>
  );
}
