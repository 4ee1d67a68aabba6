import type { AlertKind } from '@turnpike/contracts/alert-kinds.js';
import type { AlertView } from '@turnpike/contracts/alerts.js';
import type { Permission } from '@turnpike/contracts/permissions.js';

/** The page where something can be done about an alert. */
export interface Remedy {
  readonly to: string;
  /** In alert-words.ts. */
  readonly label:
    | 'goRouter'
    | 'goRouters'
    | 'goPayments'
    | 'goOpenPayments'
    | 'goReview'
    | 'goQueue'
    | 'goSessions'
    | 'goCustomers'
    | 'goHealth'
    | 'goLedger'
    | 'goAudit';
  readonly needs: Permission;
}

type RemedyOf = (subject: AlertView['subject']) => Remedy;

const router: RemedyOf = ({ id }) => ({ to: `/routers/${id}`, label: 'goRouter', needs: 'routers:read' });
const failedPayments: RemedyOf = () => {
  return { to: '/payments?state=failed', label: 'goPayments', needs: 'payments:read' };
};
const queue =
  (state: 'failed' | 'waiting'): RemedyOf =>
  ({ id }) => {
    return { to: `/queues/${encodeURIComponent(id)}?state=${state}`, label: 'goQueue', needs: 'operations:read' };
  };

const REMEDIES: Readonly<Record<AlertKind, RemedyOf>> = {
  router_offline: router,
  router_silent_radius: router,
  router_wrong_secret: router,
  site_down: ({ id }) => {
    return { to: `/routers?site=${encodeURIComponent(id)}`, label: 'goRouters', needs: 'routers:read' };
  },
  payments_failing: failedPayments,
  payments_waiting: () => ({ to: '/payments/open', label: 'goOpenPayments', needs: 'payments:read' }),
  review_waiting: () => ({ to: '/payments/review', label: 'goReview', needs: 'payments:read' }),
  mpesa_unreachable: failedPayments,
  sms_failing: () => ({ to: '/queues/notifications?state=failed', label: 'goQueue', needs: 'operations:read' }),
  login_failures: () => ({ to: '/customers', label: 'goCustomers', needs: 'customers:read' }),
  session_orders_failing: () => ({ to: '/sessions', label: 'goSessions', needs: 'sessions:read' }),
  queue_stuck: queue('waiting'),
  jobs_failed: queue('failed'),
  process_missing: () => ({ to: '/health', label: 'goHealth', needs: 'operations:read' }),
  ledger_unbalanced: () => ({ to: '/ledger/trial-balance', label: 'goLedger', needs: 'ledger:read' }),
  audit_chain_broken: () => ({ to: '/audit', label: 'goAudit', needs: 'audit:read' }),
};

export function remedyOf({ kind, subject }: Pick<AlertView, 'kind' | 'subject'>): Remedy {
  return REMEDIES[kind](subject);
}
