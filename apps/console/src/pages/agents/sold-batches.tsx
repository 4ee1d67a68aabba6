import type { VoucherBatchView } from '@turnpike/contracts/vouchers.js';
import { Text } from '@mantine/core';
import type { Pages } from '../../api/use-endpoint.js';
import { DataTable } from '../../kit/data-table.js';
import { EmptyState } from '../../kit/empty-state.js';
import { Money } from '../../kit/figures.js';
import { RowLink } from '../../kit/row-link.js';
import { When } from '../../kit/when.js';
import { useMay } from '../../session/session.js';
import { useWords } from '../../words/use-words.js';
import { agentWords } from './agent-words.js';

/** Vouchers that an agent sold, by sale. */
export function SoldBatches({ pages }: { pages: Pages<VoucherBatchView> }) {
  const t = useWords(agentWords);
  const mayOpen = useMay('vouchers:read');
  return (
    <DataTable
      caption={t('sales')}
      pages={pages}
      idOf={({ id }) => id}
      columns={[
        {
          key: 'package',
          title: t('package'),
          render: ({ id, packageName, number }) => (
            <div>
              {mayOpen ? <RowLink to={`/vouchers/${id}`}>{packageName}</RowLink> : <Text size="sm">{packageName}</Text>}
              <Text size="xs" c="dimmed">
                {number}
              </Text>
            </div>
          ),
        },
        { key: 'count', title: t('count'), align: 'right', render: ({ count }) => count },
        { key: 'used', title: t('used'), align: 'right', render: ({ redeemed }) => redeemed },
        {
          key: 'total',
          title: t('total'),
          align: 'right',
          from: 'sm',
          render: ({ priceMinor, currency, count }) =>
            priceMinor === null || currency === null ? '–' : <Money minor={priceMinor * count} currency={currency} />,
        },
        { key: 'time', title: t('time'), from: 'sm', render: ({ createdAt }) => <When at={createdAt} /> },
      ]}
      empty={<EmptyState title={t('emptySales')} text={t('emptySalesText')} />}
    />
  );
}
