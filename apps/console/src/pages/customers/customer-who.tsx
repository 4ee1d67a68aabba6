import { Group } from '@mantine/core';
import { revealPhone, type CustomerView } from '@turnpike/contracts/customers.js';
import { useState } from 'react';
import { useAct } from '../../api/use-act.js';
import { Action } from '../../kit/action.js';
import { Facts } from '../../kit/facts.js';
import { Section } from '../../kit/section.js';
import { When } from '../../kit/when.js';
import { useWords } from '../../words/use-words.js';
import { customersWords } from './customers-words.js';
import { EditCustomer } from './edit-customer.js';

/** Who the customer is; numbers stay masked until somebody asks for them. */
export function CustomerWho({ customer }: { customer: CustomerView }) {
  const t = useWords(customersWords);
  const [isEditing, setEditing] = useState(false);
  const reveal = useAct(revealPhone);
  const isMasked = [customer.username, customer.msisdn, customer.email].some((text) => text?.includes('••') === true);
  const shown = reveal.data ?? customer;
  return (
    <Section
      title={t('who')}
      {...(isMasked ? { about: t('revealHelp') } : {})}
      actions={
        <Group gap="xs">
          {isMasked && reveal.data === undefined ? (
            <Action
              needs="customers:write"
              size="xs"
              variant="default"
              loading={reveal.isPending}
              onClick={() => reveal.mutate({ params: { id: customer.id } })}
            >
              {t('reveal')}
            </Action>
          ) : null}
          <Action
            needs="customers:write"
            size="xs"
            variant="default"
            because={customer.erasedAt === null ? undefined : t('erased')}
            onClick={() => setEditing(true)}
          >
            {t('edit')}
          </Action>
        </Group>
      }
    >
      <Facts
        facts={[
          { label: t('username'), value: shown.username },
          { label: t('phone'), value: shown.msisdn ?? '–' },
          { label: t('email'), value: shown.email ?? '–' },
          { label: t('since'), value: <When at={customer.createdAt} style="exact" /> },
          { label: t('language'), value: t(`language_${customer.language}`) },
          { label: t('notices'), value: t(customer.notices ? 'noticesOn' : 'noticesOff') },
          { label: t('devicesOnly'), value: t(customer.devicesOnly ? 'devicesOnlyOn' : 'devicesOnlyOff') },
        ]}
      />
      {isEditing ? <EditCustomer customer={customer} onClose={() => setEditing(false)} /> : null}
    </Section>
  );
}
