import { Alert, Button, Code, Modal, Stack, Text } from '@mantine/core';
import { rotateRadiusSecret, type RouterDetailsView } from '@turnpike/contracts/routers.js';
import { useState } from 'react';
import { useAct } from '../../api/use-act.js';
import { Action } from '../../kit/action.js';
import { Confirm } from '../../kit/confirm.js';
import { Facts } from '../../kit/facts.js';
import { Section } from '../../kit/section.js';
import { When } from '../../kit/when.js';
import { notifications } from '@mantine/notifications';
import { useWords } from '../../words/use-words.js';
import { RadiusState } from './router-states.js';
import { routerWords } from './router-words.js';

const ABOUT = {
  silent: 'radiusSilent',
  ok: 'radiusOk',
  secret_mismatch: 'radiusMismatch',
  throttled: 'radiusThrottled',
} as const;

/** Whether RADIUS with a router works, and its secret. */
export function RadiusSection({ router }: { router: RouterDetailsView }) {
  const t = useWords(routerWords);
  const { radius } = router;
  const rate = router.radiusRateLimit;
  return (
    <Section title={t('radius')} about={t(ABOUT[radius.state])} actions={<RotateSecret router={router} />}>
      <Stack>
        {radius.rotation === null ? null : (
          <Alert color="blue">
            {t('rotating')} <When at={radius.rotation.since} />:{' '}
            {t(radius.rotation.previousStillUsed ? 'rotatingOld' : 'rotatingNew')}.
          </Alert>
        )}
        <Facts
          facts={[
            { label: t('radiusState'), value: <RadiusState state={radius.state} /> },
            { label: t('lastRequest'), value: <When at={radius.lastRequestAt} /> },
            { label: t('policy'), value: t(router.messageAuthenticator) },
            { label: t('rateLimit'), value: rate === null ? t('rateDefault') : rate === 0 ? t('rateNone') : rate },
          ]}
        />
      </Stack>
    </Section>
  );
}

function RotateSecret({ router }: { router: RouterDetailsView }) {
  const t = useWords(routerWords);
  const [isAsking, setAsking] = useState(false);
  const [script, setScript] = useState<string | null>(null);
  const isRotating = router.radius.rotation !== null;
  const rotate = useAct(rotateRadiusSecret, {
    onDone: (answer) => {
      setAsking(false);
      setScript(answer.script);
      if (answer.script === null) notifications.show({ color: 'green', message: t('rotateBegun') });
    },
  });
  return (
    <>
      <Action needs="routers:write" variant="default" size="xs" onClick={() => setAsking(true)}>
        {t('rotate')}
      </Action>
      <Confirm
        isOpen={isAsking}
        onClose={() => setAsking(false)}
        title={t('rotateTitle', { name: router.name })}
        consequences={isRotating ? `${t('rotateText')} ${t('rotateForce')}` : t('rotateText')}
        verb={t('rotateGo')}
        isBusy={rotate.isPending}
        onConfirm={() => rotate.mutate({ params: { id: router.id }, body: { force: isRotating } })}
      />
      <Modal opened={script !== null} onClose={() => setScript(null)} title={t('rotateScript')} size="lg" centered>
        <Stack>
          <Text size="sm">{t('rotateScriptText')}</Text>
          <Code block style={{ whiteSpace: 'pre-wrap', overflowWrap: 'anywhere' }}>
            {script}
          </Code>
          <Button onClick={() => setScript(null)} style={{ alignSelf: 'flex-end' }}>
            {t('close')}
          </Button>
        </Stack>
      </Modal>
    </>
  );
}
