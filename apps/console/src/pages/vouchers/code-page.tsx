import { useQuery } from '@tanstack/react-query';
import { listVouchers, revokeVoucher, type VoucherView } from '@turnpike/contracts/vouchers.js';
import { useState } from 'react';
import { useParams } from 'react-router';
import type { ApiProblem } from '../../api/api-problem.js';
import { call } from '../../api/call.js';
import { useAct } from '../../api/use-act.js';
import { Action } from '../../kit/action.js';
import { Confirm } from '../../kit/confirm.js';
import { CopyAs } from '../../kit/copy-as.js';
import { Facts } from '../../kit/facts.js';
import { cursorBefore, isId } from '../../kit/list-position.js';
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

function queryOf(id: string) {
  return { limit: 1, cursor: cursorBefore(id) };
}

/** One voucher: whether it can be used, and who used it. */
export function CodePage() {
  const t = useWords(vouchersWords);
  const { id = '' } = useParams();
  const asked = useQuery<VoucherView[], ApiProblem>({
    queryKey: [listVouchers.tag, listVouchers.path, 'one', id],
    queryFn: async ({ signal }) => {
      if (!isId(id)) return [];
      const { items } = await call(listVouchers, { query: queryOf(id) }, { signal });
      return items.filter((voucher) => voucher.id === id);
    },
  });
  return (
    <Loaded asked={asked} height={320}>
      {([voucher]) =>
        voucher === undefined ? (
          <NotThere title={t('codeNotThere')} text={t('foundNoneText')} to="/vouchers/codes" label={t('tabCodes')} />
        ) : (
          <OneCode voucher={voucher} />
        )
      }
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
          <CopyAs endpoint={listVouchers} input={{ query: queryOf(voucher.id) }} />
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
