import { Button, Code, Group, Input, Stack, Text, TextInput } from '@mantine/core';
import { changeSms, resetSms, testSms, type SettingsView } from '@turnpike/contracts/settings.js';
import { useState } from 'react';
import { randomKey } from '../../api/random-key.js';
import { useAct } from '../../api/use-act.js';
import { CopyButton } from '../../kit/copy-button.js';
import { issueOf } from '../../kit/issue-of.js';
import { useWords } from '../../words/use-words.js';
import { AddressChoice } from './address-choice.js';
import { GroupForm } from './group-form.js';
import { GroupPage } from './group-page.js';
import { groupWords } from './group-words.js';
import { SMS_ADDRESSES } from './known-address.js';
import { SecretField, sentSecret, type NewSecret } from './secret-field.js';
import { TestSection } from './test-section.js';

const FIELDS = ['url', 'username', 'apiKey', 'sender', 'callbackToken'] as const;

/** Who carries text messages. */
export function SmsPage() {
  const t = useWords(groupWords);
  const [made, setMade] = useState<string>();
  return (
    <GroupPage group="sms" about={t('smsAbout')}>
      {(settings, publicUrl) => (
        <Stack>
          <SmsForm settings={settings} publicUrl={publicUrl} made={made} onMade={setMade} />
          <TestSection
            endpoint={testSms}
            title={t('smsTest')}
            about={`${t('unsaved')} ${t('smsTestHint')}`}
            label={t('phone')}
            type="tel"
          />
        </Stack>
      )}
    </GroupPage>
  );
}

interface FormProps {
  readonly settings: SettingsView['sms'];
  readonly publicUrl: string;
  /** A token that was made on this page; it is shown until the page is left, also when it is saved already. */
  readonly made: string | undefined;
  readonly onMade: (token: string) => void;
}

function SmsForm({ settings, publicUrl, made, onMade }: FormProps) {
  const t = useWords(groupWords);
  const [url, setUrl] = useState(settings.url);
  const [username, setUsername] = useState(settings.username);
  const [sender, setSender] = useState(settings.sender ?? '');
  const [apiKey, setApiKey] = useState<NewSecret>();
  const [callbackToken, setCallbackToken] = useState<NewSecret>();
  const save = useAct(changeSms, { ownProblem: true, says: () => t('saved') });
  const make = () => {
    const token = randomKey();
    setCallbackToken(token);
    onMade(token);
  };
  const submit = () =>
    save.mutate({
      body: { url, username, sender: sender.trim() === '' ? null : sender, apiKey: sentSecret(apiKey), callbackToken },
    });
  return (
    <GroupForm
      held={settings}
      reset={resetSms}
      isBusy={save.isPending}
      problem={save.error}
      fields={FIELDS}
      onSubmit={submit}
    >
      <AddressChoice
        label={t('smsWhere')}
        known={SMS_ADDRESSES}
        value={url}
        onChange={setUrl}
        error={issueOf(save.error, 'url')}
      />
      <TextInput
        label={t('username')}
        description={t('usernameHint')}
        autoComplete="off"
        value={username}
        onChange={(event) => setUsername(event.currentTarget.value)}
        error={issueOf(save.error, 'username')}
      />
      <SecretField
        label={t('apiKey')}
        description={t('apiKeyHint')}
        canForget
        isSet={settings.apiKey.isSet}
        value={apiKey}
        onChange={setApiKey}
        error={issueOf(save.error, 'apiKey')}
      />
      <TextInput
        label={t('sender')}
        description={t('senderHint')}
        value={sender}
        onChange={(event) => setSender(event.currentTarget.value)}
        error={issueOf(save.error, 'sender')}
      />
      <OptOuts isSet={settings.callbackToken.isSet} publicUrl={publicUrl} made={made} onMake={make} />
    </GroupForm>
  );
}

interface OptOutProps {
  readonly isSet: boolean;
  readonly publicUrl: string;
  readonly made: string | undefined;
  readonly onMake: () => void;
}

function OptOuts({ isSet, publicUrl, made, onMake }: OptOutProps) {
  const t = useWords(groupWords);
  const address = `${publicUrl}/api/v1/notifications/sms-opt-out/${made ?? ''}`;
  return (
    <Input.Wrapper label={t('optOut')} labelElement="div" description={t(isSet ? 'optOutOn' : 'optOutOff')}>
      {made === undefined ? (
        <Group mt={4}>
          <Button size="compact-sm" variant="default" onClick={onMake}>
            {t(isSet ? 'optOutMakeNew' : 'optOutMake')}
          </Button>
        </Group>
      ) : (
        <Stack gap="xs" mt={4}>
          <Text size="sm">{t('optOutText')}</Text>
          <Group wrap="nowrap" align="flex-start">
            <Code block flex={1} style={{ overflowWrap: 'anywhere', whiteSpace: 'normal' }}>
              {address}
            </Code>
            <CopyButton text={address} size="xs" />
          </Group>
        </Stack>
      )}
    </Input.Wrapper>
  );
}
