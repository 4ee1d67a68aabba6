import type { Command } from 'commander';
import { listPaymentReview, listPayments, paymentStates, type PaymentView } from '@turnpike/contracts/payments.js';
import { EXIT, VerbError } from './exit.js';
import type { Output } from './output.js';
import { readPages } from './pages.js';
import type { Column } from './table.js';
import { addVerb, parseCount, type Verb, type VerbHost, type VerbOptions } from './verb.js';
import { ago, amountOf, count } from './words.js';

interface ListOptions extends VerbOptions {
  readonly state?: string;
  readonly search?: string;
  readonly limit: number;
}

/** `payment list` and `payment reconcile`. */
export function paymentVerbs(group: Command, host: VerbHost): void {
  addVerb<ListOptions>(group, host, {
    name: 'list',
    description: 'payments, newest first',
    options: (command) =>
      void command
        .option('--state <state>', paymentStates.join(', '))
        .option('--search <text>', 'a receipt, a reference or a phone number')
        .option('--limit <n>', 'at most so many', parseCount, 50),
    run: listThem,
  });
  addVerb(group, host, {
    name: 'reconcile',
    description: 'payments without an end, and those a person has to look at',
    run: reconcile,
  });
}

async function listThem(verb: Verb, _args: readonly string[], options: ListOptions): Promise<void> {
  const query = listPayments.query.safeParse({ state: options.state, q: options.search });
  if (!query.success) throw new VerbError(`--state is one of ${paymentStates.join(', ')}.`, EXIT.usage);
  const api = await verb.api();
  const { items, more } = await readPages(options.limit, (page) =>
    api.call(listPayments, { query: { ...query.data, ...page } }),
  );
  verb.out.list(columnsOf(verb.out, verb.host.now()), items, 'No payments.');
  if (more) verb.out.say(`There are more: --limit ${options.limit * 2} shows them.`);
}

function columnsOf({ colours }: Output, now: Date): Column<PaymentView>[] {
  const tones = { succeeded: colours.good, failed: colours.bad, review: colours.warn };
  return [
    { title: 'reference', value: ({ reference }) => reference, mayShrink: true },
    {
      title: 'state',
      value: ({ state }) => state,
      paint: ({ state }) => (state in tones ? tones[state as keyof typeof tones] : undefined),
    },
    { title: 'amount', value: ({ amountMinor, currency }) => amountOf(amountMinor, currency), align: 'right' },
    { title: 'phone', value: ({ msisdn }) => msisdn ?? '-' },
    { title: 'receipt', value: ({ receipt }) => receipt ?? '-' },
    { title: 'by', value: ({ provider }) => provider },
    { title: 'age', value: ({ createdAt }) => ago(createdAt, now), align: 'right' },
  ];
}

const MOST = 1_000;

/** The server asks the provider about open payments by itself; this shows what it has not settled. */
async function reconcile(verb: Verb): Promise<number> {
  const api = await verb.api();
  const inState = (state: PaymentView['state']) =>
    readPages(MOST, (page) => api.call(listPayments, { query: { ...page, state } }));
  const [created, requested, timedOut, review] = await Promise.all([
    inState('created'),
    inState('requested'),
    inState('timed_out'),
    readPages(MOST, (page) => api.call(listPaymentReview, { query: page })),
  ]);
  const open = [...created.items, ...requested.items];
  const { out, host } = verb;
  open.forEach((payment) => out.emit({ group: 'open', ...payment }));
  timedOut.items.forEach((payment) => out.emit({ group: 'timed_out', ...payment }));
  review.items.forEach((payment) => out.emit({ group: 'review', ...payment }));
  if (out.json) return EXIT.done;
  const columns = columnsOf(out, host.now());
  const { bold, dim, warn } = out.colours;
  out.say(bold(`${count(open.length, 'payment')} without an answer yet`));
  if (open.length > 0) {
    out.list(columns, open, '');
    out.say(dim('The server asks the provider about each of them by itself; a late success is still taken.'));
  }
  out.say(bold(`\n${count(timedOut.items.length, 'payment')} given up; money that arrives for them is still taken`));
  if (timedOut.items.length > 0) out.list(columns, timedOut.items, '');
  out.say(bold(`\n${count(review.items.length, 'payment')} for a person to decide`));
  if (review.items.length === 0) return EXIT.done;
  out.list(columns, review.items, '');
  for (const { reference, detail } of review.items) if (detail !== null) out.say(`${reference}: ${warn(detail)}`);
  out.say(dim('Decide them in the console (Payments, Review), or with POST /payments/{id}/resolve.'));
  return EXIT.done;
}
