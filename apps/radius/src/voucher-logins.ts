import { systemClock } from '@turnpike/core/clock.js';
import type { SecretBox } from '@turnpike/core/secret-box.js';
import type { DatabaseOptions } from '@turnpike/db/pool.js';
import type { VoucherCodes as CodesOfLogins } from '@turnpike/features/access/login.js';
import type { VoucherRedemption as Redeemed } from '@turnpike/features/access/login-settler.js';
import { outboxWake } from '@turnpike/features/outbox/outbox-wake.js';
import type { VoucherCodes } from '@turnpike/features/vouchers/voucher-code.js';
import type { Redis } from '@turnpike/runtime/redis.js';

export interface VoucherLoginsOptions {
  readonly database: DatabaseOptions;
  readonly codes: VoucherCodes;
  readonly secretBox: SecretBox;
  readonly redis: Redis;
  readonly prefix: string;
}

export interface VoucherLogins extends CodesOfLogins {
  redeem(code: string): Promise<Redeemed>;
  stop(): Promise<void>;
}

/** Redemptions are rare, and each waits for its turn rather than for many connections. */
const MAX_CONNECTIONS = 2;

/**
 * Logins with voucher codes. To redeem one takes the whole database client, twenty MiB that a process does not load before
 * it has the first voucher.
 */
export function createVoucherLogins({
  database,
  codes,
  secretBox,
  redis,
  prefix,
}: VoucherLoginsOptions): VoucherLogins {
  let opening: ReturnType<typeof open> | undefined;

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
    async redeem(code) {
      opening ??= open();
      return (await opening).redeem(code);
    },
    async stop() {
      await (await opening)?.close();
    },
  };
}
