import { Stack, Text, Title } from '@mantine/core';
import { listEntitlements, type CustomerView, type EntitlementView } from '@turnpike/contracts/customers.js';
import { useState } from 'react';
import { useEndpoint } from '../../api/use-endpoint.js';
import { Action } from '../../kit/action.js';
import { DataTable, type Column } from '../../kit/data-table.js';
import { EmptyState } from '../../kit/empty-state.js';
import { Octets, durationText } from '../../kit/figures.js';
import { Loaded } from '../../kit/loaded.js';
import { RowLink } from '../../kit/row-link.js';
import { Section } from '../../kit/section.js';
import { When } from '../../kit/when.js';
import { wholeList } from '../../kit/whole-list.js';
import { useWords } from '../../words/use-words.js';
import { customersWords } from './customers-words.js';
import { EntitlementCard } from './entitlement-card.js';
import { EntitlementState } from './entitlement-state.js';
import { entitlementWords } from './entitlement-words.js';
import { RedeemDialog } from './redeem-dialog.js';
import { useSellPermission } from './sell-permission.js';

interface Props {
  readonly customer: CustomerView;
  readonly onSell: () => void;
}

/** What was bought: what can still be used with what is left of it, then what is over. */
export function CustomerEntitlements({ customer, onSell }: Props) {
  const t = useWords(entitlementWords);
  const words = useWords(customersWords);
  const [isRedeeming, setRedeeming] = useState(false);
  const asked = useEndpoint(listEntitlements, { params: { id: customer.id } });
  const items = asked.data?.items ?? [];
  const usable = items.filter(isUsable);
  const over = items.filter((item) => !isUsable(item));
  const sellPermission = useSellPermission();
  const isErased = customer.erasedAt !== null;
  return (
    <>
      <Section
        title={t('title')}
        actions={
          isErased ? null : (
            <>
              <Action needs="grants:write" size="xs" variant="default" onClick={() => setRedeeming(true)}>
                {words('redeem')}
              </Action>
              <Action needs={sellPermission} size="xs" variant="default" onClick={onSell}>
                {t('sell')}
              </Action>
            </>
          )
        }
      >
        <Loaded asked={asked}>
          {() => (
            <Stack gap="sm">
              {items.length === 0 ? <EmptyState title={t('none')} text={t('noneText')} /> : null}
              {usable.map((entitlement) => (
                <EntitlementCard key={entitlement.id} entitlement={entitlement} />
              ))}
              {over.length === 0 ? null : (
                <>
                  <Title order={3} size="h6" c="dimmed">
                    {t('before')}
                  </Title>
                  <Before entitlements={over} />
                </>
              )}
            </Stack>
          )}
        </Loaded>
      </Section>
      {isRedeeming ? <RedeemDialog customerId={customer.id} onClose={() => setRedeeming(false)} /> : null}
    </>
  );
}

function isUsable({ state }: EntitlementView): boolean {
  return state === 'active' || state === 'pending' || state === 'suspended';
}

function Before({ entitlements }: { entitlements: readonly EntitlementView[] }) {
  const t = useWords(entitlementWords);
  const words = useWords(customersWords);
  const columns: Column<EntitlementView>[] = [
    {
      key: 'name',
      title: words('what'),
      render: ({ packageId, packageName }) => <RowLink to={`/packages/${packageId}`}>{packageName}</RowLink>,
    },
    { key: 'state', title: words('status'), render: ({ state }) => <EntitlementState state={state} /> },
    { key: 'starts', title: t('starts'), render: ({ startsAt }) => <When at={startsAt} />, from: 'sm' },
    { key: 'ends', title: t('ends'), render: ({ endsAt }) => <When at={endsAt} />, from: 'xs' },
    {
      key: 'used',
      title: t('used'),
      align: 'right',
      render: ({ usedOctets, usedSeconds }) => (
        <Text span size="sm">
          <Octets value={usedOctets} /> · {durationText(Number(usedSeconds))}
        </Text>
      ),
      from: 'md',
    },
  ];
  const list = wholeList({
    data: { items: entitlements },
    error: null,
    isFetching: false,
    refetch: async () => undefined,
  });
  return <DataTable caption={t('before')} pages={list} columns={columns} idOf={({ id }) => id} empty={null} />;
}
