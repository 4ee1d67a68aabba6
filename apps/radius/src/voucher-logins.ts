import { AppError } from '@turnpike/core/app-error.js';
import { systemClock } from '@turnpike/core/clock.js';
import type { SecretBox } from '@turnpike/core/secret-box.js';
import type { DatabaseOptions } from '@turnpike/db/pool.js';
import type { VoucherLogins as LoginsOfAccess } from '@turnpike/features/access/access.radius.js';
import { outboxWake } from '@turnpike/features/outbox/outbox-wake.js';
import { guessCounters } from '@turnpike/features/vouchers/guess-counters.js';
import type { VoucherCodes } from '@turnpike/features/vouchers/voucher-code.js';
import type { VoucherLimits } from '@turnpike/features/vouchers/voucher-limits.js';
import type { Metrics } from '@turnpike/runtime/metrics.js';
import type { Redis } from '@turnpike/runtime/redis.js';

export interface VoucherLoginsOptions {
  readonly database: DatabaseOptions;
  readonly codes: VoucherCodes;
  readonly secretBox: SecretBox;
  readonly redis: Redis;
  readonly metrics: Metrics;
  readonly prefix: string;
}

export interface VoucherLogins extends LoginsOfAccess {
  stop(): Promise<void>;
}

/** Redemptions are rare, and each waits for its turn rather than for many connections. */
const MAX_CONNECTIONS = 2;

/**
 * Logins with voucher codes. To redeem one takes the whole database client, to limit guesses another library: thirty MiB that
 * a process does not load before it has the first voucher.
 */
export function createVoucherLogins({
  database,
  codes,
  secretBox,
  redis,
  metrics,
  prefix,
}: VoucherLoginsOptions): VoucherLogins {
  guessCounters(metrics, 'radius');
  let opening: ReturnType<typeof open> | undefined;
  let limiting: Promise<VoucherLimits> | undefined;

  async function openLimits(): Promise<VoucherLimits> {
    const { createVoucherLimits } = await import('@turnpike/features/vouchers/voucher-limits.js');
    return createVoucherLimits({ redis, metrics, role: 'radius', prefix });
  }

  async function open() {
    const [{ openDatabase }, { createVoucherRedemption }] = await Promise.all([
      import('@turnpike/db/database.js'),
      import('@turnpike/features/vouchers/voucher-redemption.js'),
    ]);
    const opened = openDatabase({ ...database, maxConnections: MAX_CONNECTIONS });
    const wake = outboxWake(redis, prefix);
    const redemption = createVoucherRedemption({ ...opened, secretBox, codes, clock: systemClock, wake });
    return { redeem: redemption.redeem, close: opened.close };
  }

  return {
    parse: codes.parse,
    usernameOf: codes.usernameOf,
    async admit(origin) {
      limiting ??= openLimits();
      const limited = await (await limiting).admit(origin);
      // No answer to somebody who did nothing: the router asks again.
      if (limited?.because === 'busy')
        throw new AppError('unavailable', 'too many voucher codes wait to be looked for');
      return limited === undefined;
    },
    async redeem(code, origin) {
      opening ??= open();
      const redemption = await (await opening).redeem(code, { device: origin.device });
      limiting ??= openLimits();
      if (redemption.kind === 'unknown') await (await limiting).failed(origin);
      return redemption;
    },
    async stop() {
      await (await opening)?.close();
    },
  };
}
