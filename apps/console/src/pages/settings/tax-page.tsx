import { NumberInput, Text, TextInput } from '@mantine/core';
import { changeTax, resetTax, type SettingsView } from '@turnpike/contracts/settings.js';
import { moneyText } from '@turnpike/core/money.js';
import { useState } from 'react';
import { useAct } from '../../api/use-act.js';
import { issueOf } from '../../kit/issue-of.js';
import { useWords } from '../../words/use-words.js';
import { containedTax } from './contained-tax.js';
import { GroupForm } from './group-form.js';
import { GroupPage } from './group-page.js';
import { groupWords } from './group-words.js';

const FIELDS = ['name', 'rateBasisPoints'] as const;
const BASIS_POINTS = 100;
const EXAMPLE_MINOR = 10_000;
const EXAMPLE_CURRENCY = 'KES';

/** The tax that prices contain. */
export function TaxPage() {
  const t = useWords(groupWords);
  return (
    <GroupPage group="tax" about={t('taxAbout')}>
      {(settings) => <TaxForm settings={settings} />}
    </GroupPage>
  );
}

function TaxForm({ settings }: { settings: SettingsView['tax'] }) {
  const t = useWords(groupWords);
  const [name, setName] = useState(settings.name);
  const [percent, setPercent] = useState<number | string>(settings.rateBasisPoints / BASIS_POINTS);
  const save = useAct(changeTax, { ownProblem: true, says: () => t('saved') });
  const rateBasisPoints = typeof percent === 'number' ? Math.round(percent * BASIS_POINTS) : undefined;
  const tax = containedTax(EXAMPLE_MINOR, rateBasisPoints ?? 0);
  return (
    <GroupForm
      held={settings}
      reset={resetTax}
      isBusy={save.isPending}
      isComplete={name.trim() !== '' && rateBasisPoints !== undefined}
      problem={save.error}
      fields={FIELDS}
      onSubmit={() => save.mutate({ body: { name, rateBasisPoints } })}
    >
      <TextInput
        label={t('taxName')}
        description={t('taxNameHint')}
        maxLength={20}
        value={name}
        onChange={(event) => setName(event.currentTarget.value)}
        error={issueOf(save.error, 'name')}
      />
      <NumberInput
        label={t('rate')}
        description={t('rateHint')}
        suffix=" %"
        min={0}
        max={100}
        decimalScale={2}
        hideControls
        value={percent}
        onChange={setPercent}
        error={issueOf(save.error, 'rateBasisPoints')}
      />
      <Text size="sm" c="dimmed">
        {rateBasisPoints === 0 || rateBasisPoints === undefined
          ? t('taxNone')
          : t('taxExample', {
              gross: moneyText(EXAMPLE_MINOR, EXAMPLE_CURRENCY),
              tax: moneyText(tax, EXAMPLE_CURRENCY),
              name,
            })}
      </Text>
    </GroupForm>
  );
}
