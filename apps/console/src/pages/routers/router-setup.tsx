import { Group, Select, SimpleGrid, Stack, TextInput } from '@mantine/core';
import {
  getRouterBootstrapScript,
  messageAuthenticatorPolicies,
  updateRouter,
  type RouterDetailsView,
} from '@turnpike/contracts/routers.js';
import { useState, type FormEvent } from 'react';
import { useAct } from '../../api/use-act.js';
import { useEndpoint } from '../../api/use-endpoint.js';
import { Action } from '../../kit/action.js';
import { issueOf, tellsMore } from '../../kit/issue-of.js';
import { Loaded } from '../../kit/loaded.js';
import { oneOf } from '../../kit/one-of.js';
import { Refusal } from '../../kit/refusal.js';
import { Section } from '../../kit/section.js';
import { useMay } from '../../session/session.js';
import { useWords } from '../../words/use-words.js';
import { BootstrapScript } from './bootstrap-script.js';
import { AddressFields, NameFields, type FieldsProps } from './connection-fields.js';
import { connectionOf, isNoNumber, updateBodyOf } from './connection-form.js';
import { routerWords } from './router-words.js';

const FIELDS = [
  'name',
  'site',
  'address',
  'apiPort',
  'apiUsername',
  'apiPassword',
  'tlsFingerprint',
  'nasAddress',
  'radiusRateLimit',
];

/** The script to paste, and how the router is reached. */
export function RouterSetup({ router }: { router: RouterDetailsView }) {
  const t = useWords(routerWords);
  const mayWrite = useMay('routers:write');
  const asked = useEndpoint(getRouterBootstrapScript, { params: { id: router.id } }, { enabled: mayWrite });
  return (
    <Stack>
      {mayWrite ? (
        <Section title={t('script')} about={t('scriptAbout')}>
          <Loaded asked={asked}>{({ bootstrapScript }) => <BootstrapScript script={bootstrapScript} />}</Loaded>
        </Section>
      ) : null}
      <Connection key={router.id} router={router} />
    </Stack>
  );
}

function Connection({ router }: { router: RouterDetailsView }) {
  const t = useWords(routerWords);
  const [values, setValues] = useState(() => connectionOf(router));
  const save = useAct(updateRouter, {
    says: () => t('saved'),
    onDone: (saved) => setValues(connectionOf(saved)),
    ownProblem: true,
  });
  const body = updateBodyOf(values, router);
  const isWrong = isNoNumber(values.apiPort) || isNoNumber(values.radiusRateLimit);
  const because = isWrong ? t('notANumber') : Object.keys(body).length === 0 ? t('nothingChanged') : undefined;
  const fields: FieldsProps = {
    values,
    problem: save.error,
    onChange: (change) => setValues({ ...values, ...change }),
    isStored: true,
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (because === undefined) save.mutate({ params: { id: router.id }, body });
  };
  return (
    <Section title={t('connection')} about={t('connectionAbout')}>
      <form onSubmit={submit}>
        <Stack>
          <NameFields {...fields} />
          <AddressFields {...fields} />
          <RadiusFields {...fields} />
          {tellsMore(save.error, FIELDS) ? <Refusal problem={save.error} /> : null}
          <Group justify="flex-end">
            <Action needs="routers:write" because={because} type="submit" loading={save.isPending}>
              {t('save')}
            </Action>
          </Group>
        </Stack>
      </form>
    </Section>
  );
}

function RadiusFields({ values, problem, onChange }: FieldsProps) {
  const t = useWords(routerWords);
  const order: ('label' | 'input' | 'description' | 'error')[] = ['label', 'input', 'description', 'error'];
  return (
    <SimpleGrid cols={{ base: 1, sm: 2 }}>
      <TextInput
        label={t('fieldFingerprint')}
        description={t('fieldFingerprintHelp')}
        inputWrapperOrder={order}
        value={values.tlsFingerprint}
        error={issueOf(problem, 'tlsFingerprint')}
        onChange={(event) => onChange({ tlsFingerprint: event.currentTarget.value })}
      />
      <TextInput
        label={t('fieldNas')}
        description={t('fieldNasHelp')}
        inputWrapperOrder={order}
        value={values.nasAddress}
        error={issueOf(problem, 'nasAddress')}
        onChange={(event) => onChange({ nasAddress: event.currentTarget.value })}
      />
      <Select
        label={t('fieldPolicy')}
        allowDeselect={false}
        data={messageAuthenticatorPolicies.map((value) => ({ value, label: t(value) }))}
        value={values.messageAuthenticator}
        onChange={(chosen) =>
          onChange({ messageAuthenticator: oneOf(messageAuthenticatorPolicies, chosen ?? '') ?? 'required' })
        }
      />
      <TextInput
        label={t('fieldRate')}
        description={t('fieldRateHelp')}
        inputWrapperOrder={order}
        inputMode="numeric"
        value={values.radiusRateLimit}
        error={isNoNumber(values.radiusRateLimit) ? t('notANumber') : issueOf(problem, 'radiusRateLimit')}
        onChange={(event) => onChange({ radiusRateLimit: event.currentTarget.value })}
      />
    </SimpleGrid>
  );
}
