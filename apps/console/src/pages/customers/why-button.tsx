import { Button } from '@mantine/core';
import { resumeCustomer, resumeEntitlement, type CustomerView } from '@turnpike/contracts/customers.js';
import { addDevice, updateDevice } from '@turnpike/contracts/devices.js';
import { assertNever } from '@turnpike/core/assert-never.js';
import { useState } from 'react';
import { Link } from 'react-router';
import { useAct } from '../../api/use-act.js';
import { Action } from '../../kit/action.js';
import { useWords } from '../../words/use-words.js';
import { customerDeviceWords } from './customer-device-words.js';
import { customersWords } from './customers-words.js';
import { entitlementWords } from './entitlement-words.js';
import { useSellPermission } from './sell-permission.js';
import { SendCredentials } from './send-credentials.js';
import type { WhyAct } from './why.js';
import { whyWords } from './why-words.js';

interface Props {
  readonly act: WhyAct;
  readonly customer: CustomerView;
  readonly onSell: () => void;
}

/** The button that removes what stands in the way, or leads to where that is done. */
export function WhyButton({ act, customer, onSell }: Props) {
  const t = useWords(whyWords);
  const words = useWords(customersWords);
  const device = useWords(customerDeviceWords);
  const entitlements = useWords(entitlementWords);
  const sellPermission = useSellPermission();
  const [isSending, setSending] = useState(false);
  const resume = useAct(resumeCustomer, { says: () => words('resumedNow', { name: customer.username }) });
  const resumePackage = useAct(resumeEntitlement, {
    says: (resumed) => entitlements('resumedNow', { name: resumed.packageName }),
  });
  const add = useAct(addDevice, { says: ({ mac }) => device('deviceAdded', { mac }) });
  const unblock = useAct(updateDevice, { says: ({ mac }) => device('unblocked', { mac }) });
  const label = t(`act_${act.kind}`);
  switch (act.kind) {
    case 'resume_customer':
      return (
        <Action
          needs="customers:write"
          size="xs"
          loading={resume.isPending}
          onClick={() => resume.mutate({ params: { id: customer.id } })}
        >
          {label}
        </Action>
      );
    case 'resume_entitlement':
      return (
        <Action
          needs="grants:write"
          size="xs"
          loading={resumePackage.isPending}
          onClick={() => resumePackage.mutate({ params: { id: act.entitlementId } })}
        >
          {label}
        </Action>
      );
    case 'sell':
      return (
        <Action needs={sellPermission} size="xs" onClick={onSell}>
          {label}
        </Action>
      );
    case 'send_credentials':
      return (
        <>
          <Action needs="customers:write" size="xs" onClick={() => setSending(true)}>
            {label}
          </Action>
          {isSending ? <SendCredentials customerId={customer.id} onClose={() => setSending(false)} /> : null}
        </>
      );
    case 'unblock':
      return (
        <Action
          needs="customers:write"
          size="xs"
          loading={unblock.isPending}
          onClick={() =>
            unblock.mutate({ params: { id: customer.id, deviceId: act.deviceId }, body: { blocked: false } })
          }
        >
          {label}
        </Action>
      );
    case 'add_device':
      return (
        <Action
          needs="customers:write"
          size="xs"
          loading={add.isPending}
          onClick={() => add.mutate({ params: { id: customer.id }, body: { mac: act.mac } })}
        >
          {label}
        </Action>
      );
    case 'router':
      return (
        <Button size="xs" component={Link} to={`/routers/${act.routerId}`}>
          {label}
        </Button>
      );
    case 'sessions':
      return (
        <Button size="xs" component={Link} to={`/customers/${customer.id}/sessions`}>
          {label}
        </Button>
      );
    default:
      return assertNever(act);
  }
}
