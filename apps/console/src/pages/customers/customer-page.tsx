import { Alert, Stack } from '@mantine/core';
import { getCustomer, resumeCustomer, suspendCustomer, type CustomerView } from '@turnpike/contracts/customers.js';
import { useState } from 'react';
import { useParams } from 'react-router';
import { useAct } from '../../api/use-act.js';
import { useEndpoint } from '../../api/use-endpoint.js';
import { Action } from '../../kit/action.js';
import { Confirm } from '../../kit/confirm.js';
import { CopyAs } from '../../kit/copy-as.js';
import { isId } from '../../kit/is-id.js';
import { Loaded } from '../../kit/loaded.js';
import { NotThere } from '../../kit/not-there.js';
import { PageTabs } from '../../kit/page-tabs.js';
import { Page } from '../../kit/page.js';
import { When } from '../../kit/when.js';
import { useWords } from '../../words/use-words.js';
import { CustomerDevices } from './customer-devices.js';
import { CustomerEntitlements } from './customer-entitlements.js';
import { CustomerMessages } from './customer-messages.js';
import { CustomerMoney } from './customer-money.js';
import { CustomerPrivacy } from './customer-privacy.js';
import { CustomerOnline, CustomerSessions } from './customer-sessions.js';
import { CustomerState } from './customer-state.js';
import { CustomerWho } from './customer-who.js';
import { CustomerWhy } from './customer-why.js';
import { customersWords } from './customers-words.js';
import { SellDialog } from './sell-dialog.js';

/** One person: who, what they have, what they do, and why it does not work. */
export function CustomerPage() {
  const t = useWords(customersWords);
  const { id = '', tab = '' } = useParams();
  const asked = useEndpoint(getCustomer, { params: { id } }, { enabled: isId(id) });
  if (!isId(id) || asked.error?.status === 404) {
    return <NotThere title={t('notThere')} text={t('notThereText')} to="/customers" label={t('toList')} />;
  }
  return (
    <Loaded asked={asked} height={480}>
      {(customer) => <OneCustomer customer={customer} tab={tab} />}
    </Loaded>
  );
}

function OneCustomer({ customer, tab }: { customer: CustomerView; tab: string }) {
  const t = useWords(customersWords);
  const [isSelling, setSelling] = useState(false);
  const to = `/customers/${customer.id}`;
  const isErased = customer.erasedAt !== null;
  return (
    <Page
      title={customer.username}
      trail={[{ label: t('title'), to: '/customers' }]}
      badge={<CustomerState customer={customer} />}
      actions={
        <>
          <CopyAs
            endpoint={getCustomer}
            input={{ params: { id: customer.id } }}
            command={tab === '' ? `customer why ${customer.id}` : `customer show ${customer.id}`}
          />
          {isErased ? null : <SuspendOrResume customer={customer} />}
        </>
      }
    >
      {isErased ? (
        <Alert color="gray">
          {t('erasedAt')} <When at={customer.erasedAt} style="exact" />
        </Alert>
      ) : null}
      <PageTabs
        label={customer.username}
        tabs={[
          { label: t('tabOverview'), to },
          { label: t('tabSessions'), to: `${to}/sessions` },
          { label: t('tabPayments'), to: `${to}/payments` },
          { label: t('tabDevices'), to: `${to}/devices` },
          { label: t('tabMessages'), to: `${to}/messages` },
          { label: t('tabData'), to: `${to}/data` },
        ]}
      />
      <Stack gap="md">{contentOf(customer, tab, () => setSelling(true))}</Stack>
      {isSelling ? <SellDialog customerId={customer.id} onClose={() => setSelling(false)} /> : null}
    </Page>
  );
}

function contentOf(customer: CustomerView, tab: string, sell: () => void) {
  switch (tab) {
    case 'sessions':
      return <CustomerSessions customerId={customer.id} />;
    case 'payments':
      return <CustomerMoney customerId={customer.id} />;
    case 'devices':
      return <CustomerDevices customer={customer} />;
    case 'messages':
      return <CustomerMessages customerId={customer.id} />;
    case 'data':
      return <CustomerPrivacy customer={customer} />;
    default:
      return (
        <>
          {customer.erasedAt === null ? <CustomerWhy customer={customer} onSell={sell} /> : null}
          <CustomerEntitlements customer={customer} onSell={sell} />
          <CustomerOnline customerId={customer.id} />
          <CustomerWho customer={customer} />
        </>
      );
  }
}

function SuspendOrResume({ customer }: { customer: CustomerView }) {
  const t = useWords(customersWords);
  const [isAsking, setAsking] = useState(false);
  const name = customer.username;
  const close = () => setAsking(false);
  const suspend = useAct(suspendCustomer, { says: () => t('suspendedNow', { name }), onDone: close });
  const resume = useAct(resumeCustomer, { says: () => t('resumedNow', { name }) });
  const params = { id: customer.id };
  if (customer.status === 'suspended') {
    return (
      <Action needs="customers:write" loading={resume.isPending} onClick={() => resume.mutate({ params })}>
        {t('resume')}
      </Action>
    );
  }
  return (
    <>
      <Action needs="customers:write" variant="default" onClick={() => setAsking(true)}>
        {t('suspend')}
      </Action>
      <Confirm
        isOpen={isAsking}
        isDangerous
        onClose={close}
        title={t('suspendTitle', { name })}
        consequences={t('suspendWhat')}
        verb={t('suspend')}
        isBusy={suspend.isPending}
        onConfirm={() => suspend.mutate({ params })}
      />
    </>
  );
}
