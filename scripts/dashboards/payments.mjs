import { bars, board, figure, graph, levels, part } from './board.mjs';

export const payments = board({
  uid: 'payments',
  title: 'payments',
  about: 'From the wish to buy to the phone that is online, and the books.',
  panels: [
    part('Objective: 95 % are online within 15 s of their payment being known'),
    ...['1h', '6h', '1d', '3d'].map((window) =>
      figure({
        title: `Later or never, ${window}`,
        about: 'Share of the phones at a router that paid. The budget is 5 %.',
        queries: [[`turnpike:paid_online_errors:ratio_rate${window}`]],
        unit: 'percentunit',
        decimals: 1,
        thresholds: levels(0.05, 0.3),
        runbook: 'paid-not-online',
        w: 6,
      }),
    ),
    graph({
      title: 'From paid to online',
      about: 'Time from a payment being known until the phone that paid is online.',
      queries: [
        ['histogram_quantile(0.5, sum by (le) (rate(turnpike_worker_paid_online_seconds_bucket[30m])))', 'p50'],
        ['histogram_quantile(0.95, sum by (le) (rate(turnpike_worker_paid_online_seconds_bucket[30m])))', 'p95'],
      ],
      unit: 's',
      thresholds: levels(10, 15),
      runbook: 'paid-not-online',
    }),
    graph({
      title: 'From being asked to having paid',
      about: 'The phone rings, its owner types the PIN, M-Pesa tells us.',
      queries: [
        [
          'histogram_quantile(0.5, sum by (provider, le) (turnpike:payment_success_seconds_bucket:rate30m))',
          '{{provider}} p50',
        ],
        [
          'histogram_quantile(0.95, sum by (provider, le) (turnpike:payment_success_seconds_bucket:rate30m))',
          '{{provider}} p95',
        ],
      ],
      unit: 's',
    }),
    part('Funnel'),
    bars({
      title: 'Of the last hour',
      about: 'Wishes to buy, phones that were asked, and how it ended. Late: paid after all.',
      queries: [
        ['sum(increase(turnpike_api_purchases_total[1h]))', 'wanted to buy'],
        ['sum(increase(turnpike_api_purchases_total{outcome="created"}[1h]))', 'created'],
        ['sum(increase(turnpike_worker_payment_moves_total{state="requested"}[1h]))', 'phone asked'],
        ['sum(increase({__name__=~"turnpike_(api|worker)_payment_moves_total", state="succeeded"}[1h]))', 'succeeded'],
        ['sum(increase({__name__=~"turnpike_(api|worker)_payment_moves_total", state="failed"}[1h]))', 'failed'],
        ['sum(increase({__name__=~"turnpike_(api|worker)_payment_moves_total", state="timed_out"}[1h]))', 'timed out'],
        ['sum(increase({__name__=~"turnpike_(api|worker)_payment_late_total"}[1h]))', 'late'],
        ['sum(increase({__name__=~"turnpike_(api|worker)_payment_moves_total", state="review"}[1h]))', 'to a person'],
      ],
      decimals: 0,
      h: 9,
    }),
    graph({
      title: 'Payments, half an hour back from each moment',
      about: 'By provider and how they ended.',
      queries: [
        ['turnpike:payment_moves:increase30m{state=~"succeeded|failed|timed_out|review"}', '{{provider}} {{state}}'],
      ],
      runbook: 'payments-failing',
      h: 9,
    }),
    graph({
      title: 'Refused before any phone was asked',
      about:
        'rate_limited: too many tries; conflict: the phone is being asked already; not_found: not on sale any more.',
      queries: [
        ['sum by (outcome) (increase(turnpike_api_purchases_total{outcome!="created"}[15m])) > 0', '{{outcome}}'],
      ],
    }),
    graph({
      title: 'Payments that have not ended',
      about: 'review: a person decides.',
      queries: [['max by (state) (turnpike_worker_payments_open)', '{{state}}']],
      runbook: 'payments-review',
    }),
    part('M-Pesa'),
    graph({
      title: 'Our calls to M-Pesa',
      about: 'refused is a clear no; unclear and not_sent are asked about again.',
      queries: [
        [
          'sum by (operation, outcome) (rate(turnpike_worker_daraja_request_duration_seconds_count[5m])) * 60',
          '{{operation}} {{outcome}}',
        ],
      ],
      runbook: 'payments-failing',
      w: 8,
    }),
    graph({
      title: 'Time of a call, p95',
      about: 'How slow M-Pesa is.',
      queries: [
        [
          'histogram_quantile(0.95, sum by (le, operation) (rate(turnpike_worker_daraja_request_duration_seconds_bucket[15m])))',
          '{{operation}}',
        ],
      ],
      unit: 's',
      thresholds: levels(5, 15),
      runbook: 'payments-failing',
      w: 8,
    }),
    graph({
      title: 'Results that arrive, a minute',
      about:
        'parked: kept while PostgreSQL was away; unknown_token, not_allowed: not from M-Pesa, or its addresses have changed.',
      queries: [['sum by (outcome) (rate(turnpike_api_payment_callbacks_total[5m])) * 60', '{{outcome}}']],
      runbook: 'payments-failing',
      w: 8,
    }),
    part('Books'),
    figure({
      title: 'Accounts that do not add up',
      about: 'Proven every hour.',
      queries: [['max(turnpike_worker_ledger_unbalanced)']],
      thresholds: levels(1, 1),
      runbook: 'ledger',
      w: 6,
    }),
    figure({
      title: 'Waiting for a person',
      about: 'Money that fits no purchase.',
      queries: [['max(turnpike_worker_payments_open{state="review"})']],
      thresholds: levels(1, 10),
      runbook: 'payments-review',
      w: 6,
    }),
  ],
});
