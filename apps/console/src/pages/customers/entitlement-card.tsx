import { Box, Group, Text } from '@mantine/core';
import {
  getEntitlement,
  refundEntitlement,
  resumeEntitlement,
  suspendEntitlement,
  type EntitlementView,
  type EntitlementWithLeft,
} from '@turnpike/contracts/customers.js';
import { useState } from 'react';
import { useAct } from '../../api/use-act.js';
import { useEndpoint } from '../../api/use-endpoint.js';
import { Action } from '../../kit/action.js';
import { Confirm } from '../../kit/confirm.js';
import { Facts } from '../../kit/facts.js';
import { Octets, durationText } from '../../kit/figures.js';
import { RowLink } from '../../kit/row-link.js';
import { soldTermsWords } from '../../kit/sold-terms-words.js';
import { termsText } from '../../kit/sold-terms.js';
import { When } from '../../kit/when.js';
import type { SayOf } from '../../words/say-of.js';
import { useWords } from '../../words/use-words.js';
import { EntitlementState } from './entitlement-state.js';
import { entitlementWords } from './entitlement-words.js';
import { SellDialog } from './sell-dialog.js';
import { useSellPermission } from './sell-permission.js';

type Say = SayOf<typeof entitlementWords>;

/** One package that can still be used, with what is left of it and what can be done. */
export function EntitlementCard({ entitlement }: { entitlement: EntitlementView }) {
  const t = useWords(entitlementWords);
  const terms = useWords(soldTermsWords);
  const { data } = useEndpoint(getEntitlement, { params: { id: entitlement.id } }, { keepPrevious: true });
  return (
    <Box p="sm" bd="1px solid var(--mantine-color-default-border)" bdrs="md">
      <Group justify="space-between" align="flex-start" mb="sm">
        <Box flex={1} miw={220}>
          <Group gap="xs">
            <RowLink to={`/packages/${entitlement.packageId}`}>{entitlement.packageName}</RowLink>
            <EntitlementState state={entitlement.state} />
          </Group>
          <Text size="xs" c="dimmed">
            {termsText(entitlement, terms)}
          </Text>
        </Box>
        <Acts entitlement={entitlement} />
      </Group>
      <Facts facts={factsOf(entitlement, data, t)} />
    </Box>
  );
}

function factsOf(entitlement: EntitlementView, asked: EntitlementWithLeft | undefined, t: Say) {
  const left = asked?.left;
  const waits = entitlement.validForSeconds !== null && entitlement.validFrom === 'first_login';
  return [
    { label: t('timeLeft'), value: left === undefined ? '…' : durationText(left.seconds) },
    ...(entitlement.quotaOctets === null
      ? []
      : [{ label: t('dataLeft'), value: left === undefined ? '…' : <Octets value={left.octets ?? '0'} /> }]),
    ...(entitlement.onlineSeconds === null
      ? []
      : [{ label: t('onlineLeft'), value: left === undefined ? '…' : durationText(left.onlineSeconds ?? 0) }]),
    {
      label: t('used'),
      value: (
        <>
          <Octets value={entitlement.usedOctets} /> · {durationText(Number(entitlement.usedSeconds))}
        </>
      ),
    },
    ...(entitlement.state === 'pending'
      ? [{ label: t('starts'), value: waits ? t('startsAtLogin') : <When at={entitlement.startsAt} style="exact" /> }]
      : []),
    ...(waits ? [] : [{ label: t('ends'), value: <When at={entitlement.endsAt} style="exact" /> }]),
    {
      label: t('placesLeft'),
      value: left === undefined ? '…' : t('placesOf', { free: left.devices, all: entitlement.devices }),
    },
  ];
}

function Acts({ entitlement }: { entitlement: EntitlementView }) {
  const t = useWords(entitlementWords);
  const sellPermission = useSellPermission();
  const [asking, setAsking] = useState<'suspend' | 'refund' | 'extend' | undefined>();
  const name = entitlement.packageName;
  const close = () => setAsking(undefined);
  const suspend = useAct(suspendEntitlement, { says: () => t('suspendedNow', { name }), onDone: close });
  const resume = useAct(resumeEntitlement, { says: () => t('resumedNow', { name }) });
  const refund = useAct(refundEntitlement, { says: () => t('refundedNow', { name }), onDone: close });
  const params = { id: entitlement.id };
  return (
    <Group gap="xs">
      {entitlement.state === 'suspended' ? (
        <Action needs="grants:write" size="xs" loading={resume.isPending} onClick={() => resume.mutate({ params })}>
          {t('resume')}
        </Action>
      ) : (
        <Action needs="grants:write" size="xs" variant="default" onClick={() => setAsking('suspend')}>
          {t('suspend')}
        </Action>
      )}
      <Action needs={sellPermission} size="xs" variant="default" onClick={() => setAsking('extend')}>
        {t('extend')}
      </Action>
      <Action needs="grants:write" size="xs" variant="default" onClick={() => setAsking('refund')}>
        {t('refund')}
      </Action>
      <Confirm
        isOpen={asking === 'suspend'}
        isDangerous
        onClose={close}
        title={t('suspendTitle', { name })}
        consequences={t('suspendWhat')}
        verb={t('suspend')}
        isBusy={suspend.isPending}
        onConfirm={() => suspend.mutate({ params })}
      />
      <Confirm
        isOpen={asking === 'refund'}
        isDangerous
        onClose={close}
        title={t('refundTitle', { name })}
        consequences={t('refundWhat')}
        verb={t('refund')}
        isBusy={refund.isPending}
        onConfirm={() => refund.mutate({ params })}
      />
      {asking === 'extend' ? (
        <SellDialog customerId={entitlement.customerId} packageId={entitlement.packageId} onClose={close} />
      ) : null}
    </Group>
  );
}
