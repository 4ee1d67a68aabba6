import { Box, Button, Stack, Switch, TagsInput, TextInput } from '@mantine/core';
import { changeMpesa, checkMpesa, resetMpesa, type SettingsView } from '@turnpike/contracts/settings.js';
import { useState } from 'react';
import { randomKey } from '../../api/random-key.js';
import { useAct } from '../../api/use-act.js';
import { issueOf } from '../../kit/issue-of.js';
import { Section } from '../../kit/section.js';
import { useWords } from '../../words/use-words.js';
import { AddressChoice } from './address-choice.js';
import { CheckResult } from './check-result.js';
import { GroupForm } from './group-form.js';
import { GroupPage } from './group-page.js';
import { groupWords } from './group-words.js';
import { MPESA_ADDRESSES } from './known-address.js';
import { SecretField, sentSecret, type NewSecret } from './secret-field.js';

const FIELDS = ['url', 'shortcode', 'consumerKey', 'consumerSecret', 'passkey', 'c2bToken', 'callbackAllow'] as const;

/** How customers pay by M-Pesa. */
export function MpesaPage() {
  const t = useWords(groupWords);
  return (
    <GroupPage group="mpesa" about={t('mpesaAbout')}>
      {(settings) => <MpesaForm settings={settings} />}
    </GroupPage>
  );
}

function MpesaForm({ settings }: { settings: SettingsView['mpesa'] }) {
  const t = useWords(groupWords);
  const [isOn, setOn] = useState(settings.url !== null);
  const [url, setUrl] = useState(settings.url ?? MPESA_ADDRESSES.live);
  const [shortcode, setShortcode] = useState(settings.shortcode ?? '');
  const [consumerKey, setConsumerKey] = useState<NewSecret>();
  const [consumerSecret, setConsumerSecret] = useState<NewSecret>();
  const [passkey, setPasskey] = useState<NewSecret>();
  const [c2bToken, setC2bToken] = useState<NewSecret>();
  const [callbackAllow, setCallbackAllow] = useState(settings.callbackAllow);
  const save = useAct(changeMpesa, { ownProblem: true, says: () => t('saved') });
  const takesPaybill = c2bToken === undefined ? settings.c2bToken.isSet : c2bToken !== null;
  const secrets = {
    consumerKey: sentSecret(consumerKey),
    consumerSecret: sentSecret(consumerSecret),
    passkey: sentSecret(passkey),
    c2bToken,
  };
  const submit = () =>
    save.mutate({
      body: {
        ...secrets,
        url: isOn ? url : null,
        shortcode: shortcode.trim() === '' ? null : shortcode,
        callbackAllow,
      },
    });
  return (
    <Stack>
      <GroupForm
        held={settings}
        reset={resetMpesa}
        isBusy={save.isPending}
        problem={save.error}
        fields={FIELDS}
        onSubmit={submit}
      >
        <Switch
          label={t('mpesaOn')}
          description={t('mpesaOnHint')}
          checked={isOn}
          onChange={(event) => setOn(event.currentTarget.checked)}
        />
        {isOn ? (
          <>
            <AddressChoice
              label={t('mpesaWhere')}
              known={MPESA_ADDRESSES}
              value={url}
              onChange={setUrl}
              error={issueOf(save.error, 'url')}
            />
            <TextInput
              label={t('shortcode')}
              description={t('shortcodeHint')}
              inputMode="numeric"
              value={shortcode}
              onChange={(event) => setShortcode(event.currentTarget.value)}
              error={issueOf(save.error, 'shortcode')}
            />
            <SecretField
              label={t('consumerKey')}
              description={t('consumerHint')}
              isSet={settings.consumerKey.isSet}
              value={consumerKey}
              onChange={setConsumerKey}
              error={issueOf(save.error, 'consumerKey')}
            />
            <SecretField
              label={t('consumerSecret')}
              description={t('consumerHint')}
              isSet={settings.consumerSecret.isSet}
              value={consumerSecret}
              onChange={setConsumerSecret}
              error={issueOf(save.error, 'consumerSecret')}
            />
            <SecretField
              label={t('passkey')}
              description={t('passkeyHint')}
              isSet={settings.passkey.isSet}
              value={passkey}
              onChange={setPasskey}
              error={issueOf(save.error, 'passkey')}
            />
            <Switch
              label={t('paybill')}
              description={t('paybillHint')}
              checked={takesPaybill}
              onChange={(event) => setC2bToken(tokenFor(event.currentTarget.checked, settings.c2bToken.isSet))}
              error={issueOf(save.error, 'c2bToken')}
            />
            <TagsInput
              label={t('allow')}
              description={t('allowHint')}
              value={callbackAllow}
              onChange={setCallbackAllow}
              error={issueOf(save.error, 'callbackAllow')}
            />
          </>
        ) : null}
      </GroupForm>
      {isOn ? <KeyCheck settings={settings} draft={{ url, consumerKey, consumerSecret }} /> : null}
    </Stack>
  );
}

/** Switched on a second time it keeps the token that is stored. */
function tokenFor(isWanted: boolean, isSet: boolean): NewSecret {
  if (!isWanted) return isSet ? null : undefined;
  return isSet ? undefined : randomKey();
}

interface KeyCheckProps {
  readonly settings: SettingsView['mpesa'];
  readonly draft: { readonly url: string; readonly consumerKey: NewSecret; readonly consumerSecret: NewSecret };
}

/** With what is typed in the form, and what is stored for the rest: keys can be tried before they are saved. */
function KeyCheck({ settings, draft }: KeyCheckProps) {
  const t = useWords(groupWords);
  const act = useAct(checkMpesa, { ownProblem: true });
  const check = () =>
    act.mutate({
      body: {
        ...(draft.url === settings.url ? {} : { url: draft.url }),
        consumerKey: sentSecret(draft.consumerKey) ?? undefined,
        consumerSecret: sentSecret(draft.consumerSecret) ?? undefined,
      },
    });
  return (
    <Box maw={720}>
      <Section title={t('checkKeys')} about={t('checkKeysHint')}>
        <Stack align="flex-start">
          <Button variant="default" loading={act.isPending} onClick={check}>
            {t('checkKeys')}
          </Button>
          <CheckResult act={act} />
        </Stack>
      </Section>
    </Box>
  );
}
