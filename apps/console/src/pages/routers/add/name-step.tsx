import { Radio, Stack } from '@mantine/core';
import { createRouter } from '@turnpike/contracts/routers.js';
import { useState, type FormEvent } from 'react';
import { useNavigate } from 'react-router';
import { useAct } from '../../../api/use-act.js';
import { Action } from '../../../kit/action.js';
import { tellsMore } from '../../../kit/issue-of.js';
import { Refusal } from '../../../kit/refusal.js';
import { useWords } from '../../../words/use-words.js';
import { AddressFields, NameFields } from '../connection-fields.js';
import { createBodyOf, isNoNumber, newConnection } from '../connection-form.js';
import { addWords } from './add-words.js';
import { addressOf } from './add-step.js';
import { StepCard } from './step-card.js';

const FIELDS = ['name', 'site', 'address', 'apiPort', 'apiUsername', 'apiPassword'];

/** Name, site and how the router is reached. */
export function NameStep() {
  const t = useWords(addWords);
  const navigate = useNavigate();
  const [values, setValues] = useState(newConnection);
  const [isKnown, setKnown] = useState(false);
  const create = useAct(createRouter, {
    says: ({ name }) => t('created', { name }),
    ownProblem: true,
    onDone: ({ id }) => {
      // Whoever gave a password has a user on the router already: there is nothing to paste.
      const step = isKnown && values.apiPassword !== '' ? 'online' : 'paste';
      void navigate(addressOf(step, id), { replace: true });
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (!isNoNumber(values.apiPort)) create.mutate({ body: createBodyOf(values, isKnown) });
  };
  const fields = {
    values,
    problem: create.error,
    onChange: (change: Partial<typeof values>) => setValues({ ...values, ...change }),
  };
  return (
    <form onSubmit={submit}>
      <StepCard
        title={t('nameTitle')}
        about={t('nameText')}
        next={
          <Action needs="routers:write" type="submit" loading={create.isPending}>
            {t('create')}
          </Action>
        }
      >
        <NameFields {...fields} />
        <Radio.Group
          label={t('howTitle')}
          value={isKnown ? 'known' : 'calls'}
          onChange={(chosen) => setKnown(chosen === 'known')}
        >
          <Stack gap="sm" mt="xs">
            <Radio value="calls" label={t('howCalls')} description={t('howCallsText')} />
            <Radio value="known" label={t('howKnown')} description={t('howKnownText')} />
          </Stack>
        </Radio.Group>
        {isKnown ? <AddressFields {...fields} /> : null}
        {tellsMore(create.error, FIELDS) ? <Refusal problem={create.error} /> : null}
      </StepCard>
    </form>
  );
}
