import type { LedgerEntryView } from '@turnpike/contracts/ledger.js';
import { sidesOf } from './entry-sides.js';

const id = '0199a000-0000-7000-8000-000000000001';
const posting = { accountId: id, accountOwner: '', currency: 'KES', balanceMinor: '0' };

describe('sides of an entry', () => {
  test('shows where money leaves and where it goes, as large on both sides', () => {
    const entry: LedgerEntryView = {
      id,
      key: 'k',
      kind: 'voucher_sale',
      description: '',
      paymentId: null,
      createdBy: 'system',
      createdAt: '2026-11-23T05:00:00.000Z',
      postings: [
        { ...posting, accountKind: 'agent_wallet', amountMinor: -900 },
        { ...posting, accountKind: 'commission', amountMinor: -100 },
        { ...posting, accountKind: 'sales', amountMinor: 1_000 },
      ],
    };
    const { from, into, totalMinor, currency } = sidesOf(entry);
    expect(from.map(({ accountKind }) => accountKind)).toEqual(['agent_wallet', 'commission']);
    expect(into.map(({ accountKind }) => accountKind)).toEqual(['sales']);
    expect(totalMinor).toBe(1_000n);
    expect(currency).toBe('KES');
  });
});
