import { Text } from '@mantine/core';
import type { VoucherView } from '@turnpike/contracts/vouchers.js';
import type { Column } from '../../kit/data-table.js';
import { RowLink } from '../../kit/row-link.js';
import { When } from '../../kit/when.js';
import { useWords } from '../../words/use-words.js';
import { VoucherState } from './voucher-state.js';
import { vouchersWords } from './vouchers-words.js';

/** Letters of the id that tell one voucher from the next: its code is known to nobody here. */
const SHOWN_LETTERS = 6;

export function useVoucherColumns(): Column<VoucherView>[] {
  const t = useWords(vouchersWords);
  return [
    {
      key: 'code',
      title: t('sheet'),
      render: ({ id }) => (
        <Text span ff="monospace" size="sm">
          <RowLink to={`/vouchers/codes/${id}`}>{t('codeOf', { end: id.slice(-SHOWN_LETTERS) })}</RowLink>
        </Text>
      ),
    },
    { key: 'state', title: t('state'), render: ({ state }) => <VoucherState state={state} /> },
    {
      key: 'at',
      title: t('redeemedAt'),
      render: ({ redeemedAt }) => (redeemedAt === null ? '–' : <When at={redeemedAt} />),
      from: 'xs',
    },
    {
      key: 'by',
      title: t('redeemedBy'),
      render: ({ redeemedBy }) =>
        redeemedBy === null ? (
          '–'
        ) : (
          <RowLink to={`/customers/${redeemedBy.customerId}`}>{redeemedBy.msisdn ?? redeemedBy.username}</RowLink>
        ),
      from: 'sm',
    },
  ];
}
