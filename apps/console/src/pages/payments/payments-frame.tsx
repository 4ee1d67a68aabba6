import { Badge, Button } from '@mantine/core';
import { listPaymentReview } from '@turnpike/contracts/payments.js';
import type { ReactNode } from 'react';
import { Link } from 'react-router';
import { useEndpoint } from '../../api/use-endpoint.js';
import { Page } from '../../kit/page.js';
import { PageTabs } from '../../kit/page-tabs.js';
import { useMay } from '../../session/session.js';
import { useWords } from '../../words/use-words.js';
import { paymentWords } from './payment-words.js';

interface Props {
  readonly about?: string;
  readonly copy?: ReactNode;
  readonly children: ReactNode;
}

const MOST_COUNTED = 99;

/** The title, tabs and actions that every list of payments has. */
export function PaymentsFrame({ copy, children, about }: Props) {
  const t = useWords(paymentWords);
  const maySell = useMay('payments:write');
  const review = useEndpoint(listPaymentReview, { query: { limit: MOST_COUNTED + 1 } });
  const count = review.data?.items.length ?? 0;
  const badge =
    count === 0 ? undefined : (
      <Badge color="orange" size="sm" variant="filled" autoContrast miw={28} flex="none">
        {count > MOST_COUNTED ? `${MOST_COUNTED}+` : count}
      </Badge>
    );
  return (
    <Page
      title={t('title')}
      {...(about === undefined ? {} : { about })}
      actions={
        <>
          {copy}
          {maySell ? (
            <>
              <Button component={Link} to="/payments/enter" variant="default">
                {t('enterReceipt')}
              </Button>
              <Button component={Link} to="/payments/sell">
                {t('sell')}
              </Button>
            </>
          ) : null}
        </>
      }
    >
      <PageTabs
        label={t('tabs')}
        tabs={[
          { label: t('tabList'), to: '/payments' },
          { label: t('tabReview'), to: '/payments/review', badge },
          { label: t('tabOpen'), to: '/payments/open' },
          { label: t('tabFunnel'), to: '/payments/funnel' },
          ...(maySell ? [{ label: t('tabStatement'), to: '/payments/statement' }] : []),
        ]}
      />
      {children}
    </Page>
  );
}
