import { Text, Title } from '@mantine/core';
import { listTaxLines } from '@turnpike/contracts/reports.js';
import { usePages } from '../../api/use-endpoint.js';
import { DataTable } from '../../kit/data-table.js';
import { EmptyState } from '../../kit/empty-state.js';
import { Money } from '../../kit/figures.js';
import { When } from '../../kit/when.js';
import { useWords } from '../../words/use-words.js';
import { taxWords } from './tax-words.js';

interface Props {
  readonly query: { readonly from: string; readonly to: string; readonly currency?: string };
  readonly currency: string;
}

/** Sales and refunds one by one, as they are in the file for the bookkeeper. */
export function TaxLines({ query, currency }: Props) {
  const t = useWords(taxWords);
  const pages = usePages(listTaxLines, { query });
  return (
    <>
      <Title order={2} size="h5">
        {t('list')}
      </Title>
      <DataTable
        caption={t('list')}
        pages={pages}
        idOf={({ id }) => id}
        empty={<EmptyState title={t('empty')} text={t('emptyText')} />}
        columns={[
          { key: 'at', title: t('at'), render: ({ at }) => <When at={at} style="exact" /> },
          { key: 'kind', title: t('kind'), from: 'sm', render: ({ kind }) => t(kind) },
          { key: 'receipt', title: t('receipt'), from: 'md', render: ({ receipt }) => receipt ?? '–' },
          {
            key: 'description',
            title: t('description'),
            from: 'lg',
            render: ({ description }) => (
              <Text size="sm" lang="en" lineClamp={1}>
                {description}
              </Text>
            ),
          },
          {
            key: 'amount',
            title: t('amount'),
            align: 'right',
            render: ({ grossMinor }) => <Money minor={grossMinor} currency={currency} />,
          },
          {
            key: 'tax',
            title: t('tax'),
            align: 'right',
            from: 'xs',
            render: ({ taxMinor }) => <Money minor={taxMinor} currency={currency} />,
          },
        ]}
      />
    </>
  );
}
