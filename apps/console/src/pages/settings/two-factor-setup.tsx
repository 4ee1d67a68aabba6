import { Button, Center, Code, Group, Image, Loader, Modal, SimpleGrid, Stack, Text, TextInput } from '@mantine/core';
import { IconDownload } from '@tabler/icons-react';
import { useQueryClient } from '@tanstack/react-query';
import { confirmTwoFactor, startTwoFactor } from '@turnpike/contracts/two-factor.js';
import { useEffect, useState, type FormEvent } from 'react';
import { SIGNED_IN_KEY } from '../../api/queries.js';
import { useAct } from '../../api/use-act.js';
import { CopyButton } from '../../kit/copy-button.js';
import { issueOf, tellsMore } from '../../kit/issue-of.js';
import { Refusal } from '../../kit/refusal.js';
import { saveFile } from '../../kit/save-file.js';
import { useWords } from '../../words/use-words.js';
import { securityWords } from './security-words.js';

/** Scan, confirm with a code, keep the recovery codes. */
export function TwoFactorSetup({ onClose }: { onClose: () => void }) {
  const t = useWords(securityWords);
  const queries = useQueryClient();
  const [otp, setOtp] = useState('');
  const start = useAct(startTwoFactor, { ownProblem: true });
  const confirm = useAct(confirmTwoFactor, { ownProblem: true, says: () => t('onSays') });
  const { mutate: begin } = start;
  useEffect(() => begin({}), [begin]);
  const codes = confirm.data?.recoveryCodes;
  const close = () => {
    if (codes !== undefined) void queries.invalidateQueries({ queryKey: SIGNED_IN_KEY });
    onClose();
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    confirm.mutate({ body: { otp } });
  };
  return (
    <Modal
      opened
      onClose={close}
      title={t(codes === undefined ? 'setupTitle' : 'codesTitle')}
      centered
      // The codes are shown once: a click beside them must not lose them.
      closeOnClickOutside={codes === undefined}
      closeOnEscape={codes === undefined}
      withCloseButton={codes === undefined}
    >
      {codes === undefined ? (
        <form onSubmit={submit}>
          <Stack>
            {start.error === null ? null : <Refusal problem={start.error} again={() => begin({})} />}
            {start.data === undefined ? (
              <Center h={320}>{start.error === null ? <Loader /> : null}</Center>
            ) : (
              <Secret secret={start.data.secret} qrSvg={start.data.qrSvg} />
            )}
            <Text size="sm">{t('step2')}</Text>
            <TextInput
              label={t('otp')}
              inputMode="numeric"
              autoComplete="one-time-code"
              required
              maxLength={6}
              value={otp}
              onChange={(event) => setOtp(event.currentTarget.value)}
              error={issueOf(confirm.error, 'otp')}
            />
            {tellsMore(confirm.error, ['otp']) ? <Refusal problem={confirm.error} /> : null}
            <Group justify="flex-end">
              <Button type="submit" loading={confirm.isPending} disabled={start.data === undefined}>
                {t('confirm')}
              </Button>
            </Group>
          </Stack>
        </form>
      ) : (
        <RecoveryCodes codes={codes} onKept={close} />
      )}
    </Modal>
  );
}

function Secret({ secret, qrSvg }: { secret: string; qrSvg: string }) {
  const t = useWords(securityWords);
  return (
    <>
      <Text size="sm">{t('step1')}</Text>
      <Center>
        <Image
          src={`data:image/svg+xml;charset=utf-8,${encodeURIComponent(qrSvg)}`}
          alt={t('qrAlt')}
          w={220}
          h={220}
          bg="white"
          p={8}
          radius="sm"
        />
      </Center>
      <Text size="sm">{t('byHand')}</Text>
      <Group wrap="nowrap" align="flex-start">
        <Code block flex={1} style={{ overflowWrap: 'anywhere', whiteSpace: 'normal' }}>
          {secret}
        </Code>
        <CopyButton text={secret} size="xs" />
      </Group>
    </>
  );
}

function RecoveryCodes({ codes, onKept }: { codes: readonly string[]; onKept: () => void }) {
  const t = useWords(securityWords);
  const text = codes.join('\n');
  return (
    <Stack>
      <Text size="sm">{t('codesText')}</Text>
      <SimpleGrid cols={{ base: 1, xs: 2 }} spacing="xs">
        {codes.map((code) => (
          <Code key={code} fz="sm">
            {code}
          </Code>
        ))}
      </SimpleGrid>
      <Group justify="flex-end" gap="xs">
        <CopyButton text={text} />
        <Button
          variant="default"
          leftSection={<IconDownload size={16} />}
          onClick={() => saveFile(new Blob([`${text}\n`], { type: 'text/plain' }), 'turnpike-recovery-codes.txt')}
        >
          {t('download')}
        </Button>
        <Button onClick={onKept}>{t('codesKept')}</Button>
      </Group>
    </Stack>
  );
}
