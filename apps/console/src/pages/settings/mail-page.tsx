import { NumberInput, Select, SimpleGrid, Stack, Switch, TextInput } from '@mantine/core';
import { changeMail, resetMail, testMail, type SettingsView } from '@turnpike/contracts/settings.js';
import { useState } from 'react';
import { useAct } from '../../api/use-act.js';
import { issueOf } from '../../kit/issue-of.js';
import { useWords } from '../../words/use-words.js';
import { GroupForm } from './group-form.js';
import { GroupPage } from './group-page.js';
import { groupWords } from './group-words.js';
import { SecretField, sentSecret, type NewSecret } from './secret-field.js';
import { TestSection } from './test-section.js';

const FIELDS = ['host', 'port', 'tls', 'user', 'password', 'from'] as const;
const PORTS = { starttls: 587, tls: 465 } as const;

/** The mail server. */
export function MailPage() {
  const t = useWords(groupWords);
  return (
    <GroupPage group="mail" about={t('mailAbout')}>
      {(settings) => (
        <Stack>
          <MailForm settings={settings} />
          <TestSection
            endpoint={testMail}
            title={t('mailTest')}
            about={t('unsaved')}
            label={t('mailTo')}
            type="email"
          />
        </Stack>
      )}
    </GroupPage>
  );
}

function MailForm({ settings }: { settings: SettingsView['mail'] }) {
  const t = useWords(groupWords);
  const [isOn, setOn] = useState(settings.host !== null);
  const [host, setHost] = useState(settings.host ?? '');
  const [port, setPort] = useState<number | string>(settings.port);
  const [tls, setTls] = useState(settings.tls);
  const [user, setUser] = useState(settings.user ?? '');
  const [password, setPassword] = useState<NewSecret>();
  const [from, setFrom] = useState(settings.from);
  const save = useAct(changeMail, { ownProblem: true, says: () => t('saved') });
  const encrypt = (chosen: string | null) => {
    const isTls = chosen === 'tls';
    // A port of somebody's own choice stays.
    if (port === PORTS.tls || port === PORTS.starttls) setPort(PORTS[isTls ? 'tls' : 'starttls']);
    setTls(isTls);
  };
  const submit = () =>
    save.mutate({
      body: {
        host: isOn ? host.trim() : null,
        ...(typeof port === 'number' ? { port } : {}),
        tls,
        user: user.trim() === '' ? null : user,
        password: sentSecret(password),
        from,
      },
    });
  return (
    <GroupForm
      held={settings}
      reset={resetMail}
      isBusy={save.isPending}
      isComplete={!isOn || host.trim() !== ''}
      problem={save.error}
      fields={FIELDS}
      onSubmit={submit}
    >
      <Switch
        label={t('mailOn')}
        description={t('mailOnHint')}
        checked={isOn}
        onChange={(event) => setOn(event.currentTarget.checked)}
      />
      {isOn ? (
        <>
          <TextInput
            label={t('host')}
            description={t('hostHint')}
            value={host}
            onChange={(event) => setHost(event.currentTarget.value)}
            error={issueOf(save.error, 'host')}
          />
          <SimpleGrid cols={{ base: 1, xs: 2 }}>
            <Select
              label={t('encryption')}
              allowDeselect={false}
              data={[
                { value: 'starttls', label: t('starttls') },
                { value: 'tls', label: t('tls') },
              ]}
              value={tls ? 'tls' : 'starttls'}
              onChange={encrypt}
              error={issueOf(save.error, 'tls')}
            />
            <NumberInput
              label={t('port')}
              min={1}
              max={65_535}
              allowDecimal={false}
              hideControls
              value={port}
              onChange={setPort}
              error={issueOf(save.error, 'port')}
            />
          </SimpleGrid>
          <TextInput
            label={t('user')}
            description={t('optional')}
            autoComplete="off"
            value={user}
            onChange={(event) => setUser(event.currentTarget.value)}
            error={issueOf(save.error, 'user')}
          />
          <SecretField
            label={t('password')}
            canForget
            isSet={settings.password.isSet}
            value={password}
            onChange={setPassword}
            error={issueOf(save.error, 'password')}
          />
          <TextInput
            label={t('from')}
            description={t('fromHint')}
            value={from}
            onChange={(event) => setFrom(event.currentTarget.value)}
            error={issueOf(save.error, 'from')}
          />
        </>
      ) : null}
    </GroupForm>
  );
}
