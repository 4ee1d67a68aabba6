import type { PaymentProvider } from '../provider.js';

/** Money that the customer has with us already; the ledger refuses what is not there. */
export const walletProvider: PaymentProvider = {
  name: 'wallet',
  request: async () => ({ kind: 'paid' }),
  account: ({ customerId }) => {
    if (customerId === null) throw new Error('a wallet payment without a customer');
    return { kind: 'customer_wallet', owner: customerId };
  },
};
