import { getVoucher, revokeVoucher, type VoucherView } from '@turnpike/contracts/vouchers.js';
import { useState } from 'react';
import { useParams } from 'react-router';
import { useAct } from '../../api/use-act.js';
import { useEndpoint } from '../../api/use-endpoint.js';
import { Action } from '../../kit/action.js';
import { Confirm } from '../../kit/confirm.js';
import { CopyAs } from '../../kit/copy-as.js';
import { Facts } from '../../kit/facts.js';
import { isId } from '../../kit/is-id.js';
import { Loaded } from '../../kit/loaded.js';
import { NotThere } from '../../kit/not-there.js';
import { Page } from '../../kit/page.js';
import { RowLink } from '../../kit/row-link.js';
import { Section } from '../../kit/section.js';
import { useMakeOld } from '../../kit/use-make-old.js';
import { When } from '../../kit/when.js';
import { useWords } from '../../words/use-words.js';
import { VoucherState } from './voucher-state.js';
import { vouchersWords } from './vouchers-words.js';

/** One voucher: whether it can be used, and who used it. */
export function CodePage() {
  const t = useWords(vouchersWords);
  const { id = '' } = useParams();
  const asked = useEndpoint(getVoucher, { params: { id } }, { enabled: isId(id) });
  if (!isId(id) || asked.error?.status === 404) {
    return <NotThere title={t('codeNotThere')} text={t('foundNoneText')} to="/vouchers/codes" label={t('tabCodes')} />;
  }
  return (
    <Loaded asked={asked} height={320}>
      {(voucher) => <OneCode voucher={voucher} />}
    </Loaded>
  );
}

function OneCode({ voucher }: { voucher: VoucherView }) {
  const t = useWords(vouchersWords);
  const by = voucher.redeemedBy;
  return (
    <Page
      title={t('codeTitle', { number: voucher.batchNumber })}
      trail={[
        { label: t('title'), to: '/vouchers' },
        { label: t('batchTitle', { number: voucher.batchNumber }), to: `/vouchers/${voucher.batchId}` },
      ]}
      badge={<VoucherState state={voucher.state} />}
      actions={
        <>
          <CopyAs endpoint={getVoucher} input={{ params: { id: voucher.id } }} />
          <Revoke voucher={voucher} />
        </>
      }
    >
      <Section title={t('sheet')}>
        <Facts
          facts={[
            {
              label: t('package'),
              value: <RowLink to={`/packages/${voucher.packageId}`}>{voucher.packageName}</RowLink>,
            },
            { label: t('number'), value: <RowLink to={`/vouchers/${voucher.batchId}`}>{voucher.batchNumber}</RowLink> },
            {
              label: t('redeemable'),
              value: voucher.expiresAt === null ? t('forEver') : <When at={voucher.expiresAt} style="exact" />,
            },
            {
              label: t('redeemedAt'),
              value: voucher.redeemedAt === null ? '–' : <When at={voucher.redeemedAt} style="exact" />,
            },
            {
              label: t('redeemedBy'),
              value:
                by === null ? (
                  t('nobody')
                ) : (
                  <RowLink to={`/customers/${by.customerId}`}>{by.msisdn ?? by.username}</RowLink>
                ),
            },
          ]}
        />
      </Section>
    </Page>
  );
}

function Revoke({ voucher: { id, state } }: { voucher: VoucherView }) {
  const t = useWords(vouchersWords);
  const makeOld = useMakeOld();
  const [isAsking, setAsking] = useState(false);
  const close = () => setAsking(false);
  const revoke = useAct(revokeVoucher, {
    says: () => t('revokedSays'),
    onDone: () => {
      makeOld('customers');
      close();
    },
  });
  const isRedeemed = state === 'redeemed';
  const canRevoke = isRedeemed || state === 'unused';
  return (
    <>
      <Action
        needs="vouchers:write"
        color="red"
        variant="light"
        because={canRevoke ? undefined : t('cannotRevoke')}
        onClick={() => setAsking(true)}
      >
        {t('revoke')}
      </Action>
      <Confirm
        isOpen={isAsking}
        isDangerous
        onClose={close}
        title={t('revokeTitle')}
        consequences={t(isRedeemed ? 'revokeRedeemedWhat' : 'revokeWhat')}
        verb={t(isRedeemed ? 'revokeEndVerb' : 'revokeVerb')}
        isBusy={revoke.isPending}
        onConfirm={() => revoke.mutate({ params: { id }, body: { endAccess: isRedeemed } })}
      />
    </>
  );
}
