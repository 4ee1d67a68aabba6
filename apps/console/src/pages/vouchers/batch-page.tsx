import { getVoucherBatch, revokeVoucherBatch, type VoucherBatchView } from '@turnpike/contracts/vouchers.js';
import { useState } from 'react';
import { useParams } from 'react-router';
import { useAct } from '../../api/use-act.js';
import { useEndpoint } from '../../api/use-endpoint.js';
import { Action } from '../../kit/action.js';
import { Confirm } from '../../kit/confirm.js';
import { CopyAs } from '../../kit/copy-as.js';
import { Facts } from '../../kit/facts.js';
import { Money } from '../../kit/figures.js';
import { isId } from '../../kit/is-id.js';
import { Loaded } from '../../kit/loaded.js';
import { NotThere } from '../../kit/not-there.js';
import { Page } from '../../kit/page.js';
import { RowLink } from '../../kit/row-link.js';
import { Section } from '../../kit/section.js';
import { soldTermsWords } from '../../kit/sold-terms-words.js';
import { timeText } from '../../kit/sold-terms.js';
import { When } from '../../kit/when.js';
import { useWords } from '../../words/use-words.js';
import { BatchCodes } from './batch-codes.js';
import { RedemptionGrid } from './redemption-grid.js';
import { StateBar } from './state-bar.js';
import { vouchersWords } from './vouchers-words.js';

/** One batch: what became of its codes, and when they were used. */
export function BatchPage() {
  const t = useWords(vouchersWords);
  const { id = '' } = useParams();
  const asked = useEndpoint(getVoucherBatch, { params: { id } }, { enabled: isId(id) });
  if (!isId(id) || asked.error?.status === 404) {
    return <NotThere title={t('notThere')} text={t('notThereText')} to="/vouchers" label={t('toBatches')} />;
  }
  return (
    <Loaded asked={asked} height={480}>
      {(batch) => <OneBatch batch={batch} />}
    </Loaded>
  );
}

function OneBatch({ batch }: { batch: VoucherBatchView }) {
  const t = useWords(vouchersWords);
  const terms = useWords(soldTermsWords);
  const { priceMinor, currency } = batch;
  return (
    <Page
      title={t('batchTitle', { number: batch.number })}
      trail={[{ label: t('title'), to: '/vouchers' }]}
      actions={
        <>
          <CopyAs endpoint={getVoucherBatch} input={{ params: { id: batch.id } }} />
          <RevokeUnused batch={batch} />
        </>
      }
    >
      <Section title={t('states')}>
        <StateBar batch={batch} isWide />
      </Section>
      <Section title={t('sheet')}>
        <Facts
          facts={[
            {
              label: t('package'),
              value: <RowLink to={`/packages/${batch.packageId}`}>{batch.packageName}</RowLink>,
            },
            { label: t('validFor'), value: timeText(batch.validForSeconds, terms) },
            {
              label: t('price'),
              value: priceMinor === null || currency === null ? '–' : <Money minor={priceMinor} currency={currency} />,
            },
            { label: t('count'), value: batch.count },
            {
              label: t('redeemable'),
              value: batch.expiresAt === null ? t('forEver') : <When at={batch.expiresAt} style="exact" />,
            },
            { label: t('made'), value: <When at={batch.createdAt} style="exact" /> },
            {
              label: t('madeBy'),
              value:
                batch.agentId === null ? (
                  batch.createdBy
                ) : (
                  <RowLink to={`/agents/${batch.agentId}`}>{t('agent', { name: batch.agentName ?? '' })}</RowLink>
                ),
            },
          ]}
        />
      </Section>
      <RedemptionGrid batchId={batch.id} />
      <BatchCodes batchId={batch.id} />
    </Page>
  );
}

function RevokeUnused({ batch }: { batch: VoucherBatchView }) {
  const t = useWords(vouchersWords);
  const [isAsking, setAsking] = useState(false);
  const close = () => setAsking(false);
  const revoke = useAct(revokeVoucherBatch, {
    says: ({ revoked }) => t('revokeAllDone', { count: revoked }),
    onDone: close,
  });
  return (
    <>
      <Action
        needs="vouchers:write"
        color="red"
        variant="light"
        because={batch.unused === 0 ? t('nothingUnused') : undefined}
        onClick={() => setAsking(true)}
      >
        {t('revokeAll')}
      </Action>
      <Confirm
        isOpen={isAsking}
        isDangerous
        onClose={close}
        title={t('revokeAllTitle', { count: batch.unused })}
        consequences={t('revokeAllWhat')}
        verb={t('revokeAll')}
        isBusy={revoke.isPending}
        onConfirm={() => revoke.mutate({ params: { id: batch.id } })}
      />
    </>
  );
}
