import type { Ask, AskMaker, Loaded, Pick } from './ask-maker.js';

/** Payments, their books, and what is told of them by day. */
export function asksOfMoney({ ask, deep, of, one, days, phone }: AskMaker, loaded: Loaded): Ask[] {
  const { sizes, accountId, customerIds, paymentIds } = loaded;
  const receipt = (pick: Pick): string => `l${(100 * pick(sizes.payments / 100) + 50).toString(16).padStart(9, '0')}`;
  const day = days(1);
  const month = days(30);
  const having =
    (query: string, part: (pick: Pick) => string) =>
    (pick: Pick): string =>
      `${query}&${part(pick)}`;
  const dates = (range: (pick: Pick) => string) => (pick: Pick) => range(pick).replace(/T[^&]*/g, '');
  return [
    ask('/payments'),
    deep('/payments'),
    ...['created', 'requested', 'failed', 'timed_out', 'review'].map((state) => ask('/payments', `state=${state}`)),
    ...['succeeded', 'failed', 'review'].map((state) => deep('/payments', `state=${state}`)),
    ...['mpesa', 'paybill', 'wallet'].map((provider) => ask('/payments', `provider=${provider}`)),
    deep('/payments', 'provider=cash'),
    ask('/payments', 'provider=cash&state=failed'),
    ask('/payments', 'provider=paybill&state=failed'),
    ask('/payments', 'provider=mpesa&state=review'),
    deep('/payments', 'provider=cash&state=timed_out'),
    ask('/payments', (pick) => `q=07${phone(pick)}`, 'q=phone'),
    ask('/payments', (pick) => `q=2547${phone(pick)}`, 'q=phone, international'),
    ask('/payments', (pick) => `q=${receipt(pick)}`, 'q=receipt'),
    ask('/payments', (pick) => `q=load-${1 + pick(sizes.payments)}`, 'q=reference'),
    ask('/payments', 'q=no-such-receipt'),
    ask('/payments', (pick) => `state=failed&q=07${phone(pick)}`, 'state=failed q=phone'),
    ask('/payments', day, 'of a day'),
    ask('/payments', month, 'of a month'),
    ask('/payments', (pick) => day(pick).replace(/from=[^&]*&/, ''), 'until a day'),
    ask('/payments', (pick) => day(pick).replace(/&to=.*/, ''), 'since a day'),
    ask('/payments', having('state=failed', day), 'state=failed of a day'),
    ask('/payments', having('state=review', day), 'state=review of a day'),
    ask('/payments', having('state=requested', day), 'state=requested of a day'),
    ask('/payments', having('provider=cash', day), 'provider=cash of a day'),
    ask('/payments', having('provider=paybill', month), 'provider=paybill of a month'),
    ask('/payments', having('provider=cash&state=failed', month), 'provider=cash state=failed of a month'),
    of(paymentIds, '/payments/{id}'),
    ask('/payments/review'),
    deep('/payments/review'),
    ask('/payments/summary', 'timeZone=Africa/Nairobi', ''),
    ask('/payments/summary', day, 'of a day'),
    ask('/payments/summary', month, 'of a month'),
    of(customerIds, '/customers/{id}/payments', 'limit=200'),
    ask('/ledger/accounts'),
    ask('/ledger/accounts', 'kind=customer_wallet'),
    ask('/ledger/accounts', 'kind=agent_wallet&limit=200'),
    ask('/ledger/accounts', (pick) => `owner=${one(customerIds)(pick)}`, 'owner'),
    ask('/ledger/entries'),
    deep('/ledger/entries'),
    ask('/ledger/entries', 'kind=top_up'),
    ask('/ledger/entries', 'kind=refund'),
    deep('/ledger/entries', 'kind=top_up'),
    ask('/ledger/entries', `account=${accountId}`, 'account'),
    deep('/ledger/entries', `account=${accountId}`, 'account'),
    ask('/ledger/entries', `account=${accountId}&kind=refund`, 'account kind=refund'),
    ask('/ledger/entries', having(`account=${accountId}`, day), 'account of a day'),
    ask('/ledger/entries', (pick) => `paymentId=${one(paymentIds)(pick)}`, 'paymentId'),
    ask('/ledger/entries', day, 'of a day'),
    ask('/ledger/entries', month, 'of a month'),
    ask('/ledger/entries', having('kind=top_up', day), 'kind=top_up of a day'),
    ask('/ledger/entries', having('kind=refund', month), 'kind=refund of a month'),
    ask('/ledger/entries', (pick) => day(pick).replace(/from=[^&]*&/, ''), 'until a day'),
    ask('/reports/tax/lines', dates(month), 'of a month'),
  ];
}
