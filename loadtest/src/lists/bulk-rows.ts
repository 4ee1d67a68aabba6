/** Rows of one table, made by numbers from 1 to `rows`; the oldest has the smallest. */
export interface Bulk {
  readonly table: string;
  readonly rows: number;
  /** Takes the first and the last number as $1 and $2. */
  readonly sql: string;
}

export interface Sizes {
  readonly customers: number;
  readonly sessions: number;
  readonly payments: number;
}

const PACKAGES = 20;
const SERVICES =
  '[{"type":"hotspot","interfaces":["ether2"],"gateway":"10.5.50.1/23","walledGarden":[],"clientIsolation":true,"takeInterfaces":false}]';
export const CODES_OF_BATCH = 1_000;

export function routersOf({ sessions }: Sizes): number {
  return Math.max(20, Math.min(1_000, Math.round(sessions / 10_000)));
}

/** Of all sessions so many run. */
export function runningOf({ sessions }: Sizes): number {
  return Math.max(10, Math.round(sessions / 1_000));
}

export function batchesOf({ customers }: Sizes): number {
  return Math.max(1, Math.round(customers / 5_000));
}

/** `each.n` and `m.made`: when row n of `many` was made. */
function numbers(many: number): string {
  return `FROM load.loaded CROSS JOIN generate_series($1::bigint, $2::bigint) AS each(n)
    CROSS JOIN LATERAL (SELECT load.made_at(loaded.at, each.n, ${many}) AS made) AS m`;
}

/** Spreads numbers over 1 to `many`, the same each time. */
function spread(many: number): string {
  return `(1 + (each.n * 2654435761) % ${many})`;
}

/** Number and id of a row of another table, of which `many` were made: as `alias`.n and `alias`.id. */
function other(alias: string, many: number, n = spread(many)): string {
  return `CROSS JOIN LATERAL (SELECT ${n} AS n) AS ${alias}_n
    CROSS JOIN LATERAL (SELECT ${alias}_n.n, load.id_at(load.made_at(loaded.at, ${alias}_n.n, ${many}), ${alias}_n.n) AS id) AS ${alias}`;
}

const ID = 'load.id_at(m.made, each.n)';
const serviceOf = (n: string): string => `CASE WHEN ${n} % 4 = 0 THEN 'pppoe' ELSE 'hotspot' END::"ServiceType"`;
const SERVICE = serviceOf('each.n');
const PACKAGE = other('p', PACKAGES, `1 + each.n % ${PACKAGES}`);

/**
 * What a network of a year has in its tables, in the order in which they refer to each other. `load.loaded` has the moment of
 * the loading, `load.terms` those of a voucher.
 */
export function bulks(sizes: Sizes): Bulk[] {
  return [...things(sizes), ...traffic(sizes), ...money(sizes), ...vouchers(sizes), ...records(sizes)];
}

function things(sizes: Sizes): Bulk[] {
  const { customers } = sizes;
  const routers = routersOf(sizes);
  return [
    {
      table: 'package',
      rows: PACKAGES,
      sql: `INSERT INTO package (id, name, type, price_minor, currency, valid_for_seconds, down_kbps, up_kbps, updated_at)
         SELECT ${ID}, 'Load ' || each.n, ${SERVICE}, 1000 * each.n, 'KES', 86400, 5120, 2048, loaded.at ${numbers(PACKAGES)}`,
    },
    {
      table: 'router',
      rows: routers,
      sql: `INSERT INTO router (id, name, site, status, api_port, api_username, api_password, radius_secret, version, updated_at)
         SELECT ${ID}, 'Load ' || each.n, 'Site ' || each.n % 20,
           (ARRAY['online', 'online', 'offline'])[1 + each.n % 3]::"RouterStatus", 8728, 'none', '', '',
           '7.18.' || each.n % 3, loaded.at ${numbers(routers)}`,
    },
    {
      table: 'customer',
      rows: customers,
      sql: `INSERT INTO customer (id, username, msisdn, password, updated_at, created_at)
         SELECT ${ID}, 'load' || each.n, '2547' || lpad(each.n::text, 8, '0'), '', loaded.at, m.made ${numbers(customers)}`,
    },
    {
      table: 'entitlement',
      rows: customers,
      sql: `INSERT INTO entitlement (id, customer_id, package_id, package_name, type, state, starts_at, ends_at, down_kbps,
          up_kbps, devices, granted_by, created_at)
        SELECT ${ID}, c.id, p.id, 'Load', ${SERVICE},
          CASE WHEN each.n % 10 = 0 THEN 'active' ELSE 'expired' END::"EntitlementState", m.made,
          CASE WHEN each.n % 10 = 0 THEN loaded.at + interval '30 days' ELSE m.made + interval '1 day' END,
          5120, 2048, 1, 'portal', m.made
        ${numbers(customers)} ${other('c', customers, 'each.n')} ${PACKAGE}`,
    },
  ];
}

/** The last sessions run, since some hours; the others were over within four. */
function traffic(sizes: Sizes): Bulk[] {
  const { customers, sessions } = sizes;
  const routers = routersOf(sizes);
  const runs = routers * 20;
  const running = `each.n > ${sessions - runningOf(sizes)}`;
  // Who may not be online would be disconnected: every tenth is entitled.
  const customer = `CASE WHEN ${running} THEN 10 * (1 + (each.n * 2654435761) % ${Math.floor(customers / 10)})
    ELSE ${spread(customers)} END`;
  return [
    {
      table: 'session',
      rows: sessions,
      sql: `INSERT INTO session (id, key, acct_session_id, router_id, customer_id, entitlement_id, service, username,
          framed_ip_address, calling_station_id, state, started_at, last_seen_at, stopped_at, session_seconds, input_octets, output_octets)
        SELECT ${ID}, 'load-' || each.n, to_hex(each.n), r.id, c.id, c.id, ${serviceOf('c.n')}, 'load' || c.n,
          concat_ws('.', 10, 5, 48 + each.n / 251 % 16, 1 + each.n % 251),
          concat_ws(':', '02', '00', substr(d8.hex, 1, 2), substr(d8.hex, 3, 2), substr(d8.hex, 5, 2), substr(d8.hex, 7, 2)),
          CASE WHEN ${running} THEN 'open' ELSE 'closed' END::"SessionState", m.made,
          CASE WHEN ${running} THEN loaded.at ELSE d.ended END, CASE WHEN ${running} THEN NULL ELSE d.ended END,
          600, each.n % 1000000, each.n % 50000000
        ${numbers(sessions)}
        CROSS JOIN LATERAL (SELECT least(m.made + interval '1 second' * (600 + each.n * 7919 % 14400), loaded.at) AS ended) AS d
        ${other('c', customers, customer)} ${other('r', routers)}
        CROSS JOIN LATERAL (SELECT upper(lpad(to_hex(c.n), 8, '0')) AS hex) AS d8`,
    },
    {
      table: 'provisioning_run',
      rows: runs,
      sql: `INSERT INTO provisioning_run (id, router_id, state, percent, services, requested_by, created_at, finished_at)
        SELECT ${ID}, r.id, CASE WHEN each.n % 9 = 0 THEN 'failed' ELSE 'succeeded' END::"RunState", 100, '${SERVICES}', 'load',
          m.made, m.made
        ${numbers(runs)} ${other('r', routers, `1 + each.n % ${routers}`)}`,
    },
  ];
}

function money({ customers, payments }: Sizes): Bulk[] {
  const state = `CASE WHEN each.n % 1000 = 9 THEN 'review' WHEN each.n % 100 < 4 THEN 'failed'
    WHEN each.n % 100 < 8 THEN 'timed_out' ELSE 'succeeded' END`;
  const paid = (value: string): string => `CASE WHEN ${state} = 'succeeded' THEN ${value} END`;
  return [
    {
      table: 'payment',
      rows: payments,
      sql: `INSERT INTO payment (id, reference, provider, state, purpose, customer_id, package_id, amount_minor, currency, msisdn,
          receipt, paid_minor, created_by, created_at, settled_at, refunded_at)
        SELECT ${ID}, 'load-' || each.n, (ARRAY['mpesa', 'mpesa', 'mpesa', 'cash'])[1 + each.n % 4], (${state})::"PaymentState",
          'package', c.id, p.id, 1000, 'KES', '2547' || lpad(c.n::text, 8, '0'),
          ${paid(`'L' || upper(lpad(to_hex(each.n), 9, '0'))`)}, ${paid('1000')}, 'portal', m.made, ${paid('m.made')},
          CASE WHEN each.n % 500 = 11 THEN m.made + interval '1 hour' END
        ${numbers(payments)} ${other('c', customers)} ${PACKAGE}`,
    },
    {
      table: 'ledger_entry',
      rows: payments,
      // Each of one payment: they were made at the same moments.
      sql: `INSERT INTO ledger_entry (id, key, kind, description, payment_id, created_by, created_at)
        SELECT ${ID}, 'load-' || each.n, CASE WHEN each.n % 50 = 0 THEN 'top_up' ELSE 'sale' END, 'Load', ${ID}, 'system', m.made
        ${numbers(payments)}`,
    },
    {
      table: 'ledger_posting',
      rows: payments,
      sql: `INSERT INTO ledger_posting (id, entry_id, account_id, amount_minor, balance_minor)
        SELECT load.id_at(m.made, each.n * 2 + CASE a.kind WHEN 'sales' THEN 1 ELSE 0 END), ${ID}, a.id,
          CASE a.kind WHEN 'sales' THEN 1000 ELSE -1000 END, 0
        ${numbers(payments)} CROSS JOIN (SELECT id, kind FROM ledger_account WHERE owner = 'load') AS a`,
    },
  ];
}

function vouchers(sizes: Sizes): Bulk[] {
  const batches = batchesOf(sizes);
  const codes = batches * CODES_OF_BATCH;
  return [
    {
      table: 'voucher_batch',
      rows: batches,
      sql: `INSERT INTO voucher_batch (id, package_id, count, terms, created_by, created_at)
        SELECT ${ID}, p.id, ${CODES_OF_BATCH}, terms.terms, 'load', m.made
        ${numbers(batches)} CROSS JOIN load.terms ${PACKAGE}`,
    },
    {
      table: 'voucher',
      rows: codes,
      sql: `INSERT INTO voucher (id, batch_id, code_hash, state)
        SELECT ${ID}, b.id, 'load-' || each.n,
          (ARRAY['unused', 'redeemed', 'redeemed', 'revoked'])[1 + each.n % 4]::"VoucherState"
        ${numbers(codes)} ${other('b', batches, `1 + (each.n - 1) / ${CODES_OF_BATCH}`)}`,
    },
  ];
}

function records({ customers, payments }: Sizes): Bulk[] {
  const entries = Math.max(1_000, Math.round(payments / 5));
  return [
    {
      table: 'notification',
      rows: payments,
      sql: `INSERT INTO notification (id, channel, template, language, customer_id, recipient, params, dedup_key, state, created_at)
        SELECT ${ID}, 'sms', 'payment_received', 'en', c.id, '254700000000', '{}', 'load-' || each.n,
          CASE WHEN each.n % 200 = 0 THEN 'failed' ELSE 'sent' END::"NotificationState", m.made
        ${numbers(payments)} ${other('c', customers)}`,
    },
    {
      table: 'audit_entry',
      rows: entries,
      sql: `INSERT INTO audit_entry (at, actor, action, subject_type, subject_id, details, previous, hash)
        SELECT m.made, 'system', (ARRAY['customer.update', 'router.updated', 'entitlement.grant', 'session.rate'])[1 + each.n % 4],
          (ARRAY['customer', 'router', 'entitlement', 'session'])[1 + each.n % 4], each.n::text, '{}', 'load-' || each.n - 1,
          'load-' || each.n
        ${numbers(entries)}`,
    },
  ];
}
