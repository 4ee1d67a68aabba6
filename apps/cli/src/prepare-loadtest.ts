import { parseArgs } from 'node:util';
import { AppError } from '@turnpike/core/app-error.js';
import { SecretBox } from '@turnpike/core/secret-box.js';
import { openDatabase, type Database } from '@turnpike/db/database.js';
import { insertCustomersInBulk } from '@turnpike/features/customers/bulk-customers.js';
import { announceNasChange } from '@turnpike/features/nas/nas-directory.js';
import { createSubjectCache } from '@turnpike/features/access/subject-cache.js';
import { refreshSubjects } from '@turnpike/features/access/subject-rebuild.js';
import { registerRouter } from '@turnpike/features/routers/router-registration.js';
import { createLogger } from '@turnpike/runtime/logger.js';
import { openRedis } from '@turnpike/runtime/redis.js';
import { createPackage, listPackages } from '@turnpike/contracts/packages.js';
import { z } from 'zod';
import { createApiClient } from './api-client.js';
import type { CliContext } from './cli-context.js';
import { readInstance, type Instance } from './instance-file.js';
import { loadSecrets } from './secrets.js';

const wanted = z.object({
  customers: z.coerce.number().int().min(1).max(1_000_000),
  /** Default `user%d`, with `--service pppoe` `ppp%d`. */
  username: z.string().min(1).optional(),
  password: z.string().min(1).default('pass%d'),
  'nas-address': z.ipv4().default('127.99.0.1'),
  'nas-secret': z.string().min(1).default('loadtest-secret-of-32-characters'),
  service: z.enum(['hotspot', 'pppoe']).default('hotspot'),
  /** How many devices of a customer may be online at once. */
  devices: z.coerce.number().int().min(1).max(100).default(1),
});
type Wanted = z.infer<typeof wanted> & { readonly username: string };

const BATCH = 1_000;
const DAYS_VALID = 365;
const DAY_MS = 86_400_000;

/** Loads customers with a long running entitlement, and one NAS, into the running system; both may be there already. */
export async function prepareLoadtest({ config, layout, write }: CliContext, args: readonly string[]): Promise<void> {
  const options = readOptions(args);
  const instance = await readInstance(layout.instance);
  if (instance === undefined) throw new AppError('unavailable', 'nothing runs yet: `npm start` first');
  const secrets = await loadSecrets(layout.secrets);
  const keys = config.handedOn['ENCRYPTION_KEYS'] ?? secrets.encryptionKey;
  const startedMs = performance.now();
  const made = await load(options, instance, new SecretBox(keys.split(',')));
  const seconds = ((performance.now() - startedMs) / 1000).toFixed(1);
  write(`${made} customers added (${options.customers} wanted), NAS ${options['nas-address']}: ${seconds} s\n`);
}

/** Throws with every option that cannot be used. Any secret will do: what asks here is a program that was given one. */
export function readOptions(args: readonly string[]): Wanted {
  const text = { type: 'string' } as const;
  const { values } = parseArgs({
    args: [...args],
    options: {
      customers: text,
      username: text,
      password: text,
      'nas-address': text,
      'nas-secret': text,
      service: text,
      devices: text,
    },
  });
  const parsed = wanted.safeParse(values);
  if (parsed.success) {
    const { data } = parsed;
    return { ...data, username: data.username ?? (data.service === 'pppoe' ? 'ppp%d' : 'user%d') };
  }
  const lines = parsed.error.issues.map((issue) => `  --${issue.path.join('.')}: ${issue.message}`);
  throw new AppError('validation_failed', `these options cannot be used:\n${lines.join('\n')}`);
}

async function load(options: Wanted, instance: Instance, secretBox: SecretBox): Promise<number> {
  const packageId = await findOrMakePackage(instance, options);
  const database = openDatabase({ url: instance.postgresUrl, applicationName: 'turnpike-loadtest', maxConnections: 4 });
  const logger = createLogger({ level: 'warn', role: 'cli', instance: 'loadtest' });
  const redis = openRedis({ url: instance.redis.durableUrl, role: 'durable', use: 'commands', logger });
  const cache = createSubjectCache(redis);
  try {
    await database.transact((tx) =>
      registerRouter(tx, secretBox, {
        name: `Load test ${options['nas-address']}`,
        address: null,
        apiPort: 8728,
        apiUsername: 'none',
        apiPassword: '',
        nasAddress: options['nas-address'],
        radiusSecret: options['nas-secret'],
        // What is measured is the server, not the limit that protects it.
        radiusRateLimit: 0,
      }),
    );
    await announceNasChange(redis);
    let made = 0;
    // From 0 to N, so that tools that count from 0 and tools that count from 1 both find N of them.
    for (let from = 0; from <= options.customers; from += BATCH) {
      const ids = await insertBatch(database, secretBox, options, packageId, from);
      await refreshSubjects({ db: database.db, cache }, ids);
      made += ids.length;
    }
    return made;
  } finally {
    await database.close();
    redis.disconnect();
  }
}

function insertBatch(
  { transact }: Database,
  secretBox: SecretBox,
  options: Wanted,
  packageId: string,
  from: number,
): Promise<string[]> {
  const now = Date.now();
  return transact((tx) =>
    insertCustomersInBulk(tx, secretBox, {
      username: options.username,
      password: options.password,
      from,
      to: Math.min(from + BATCH, options.customers + 1),
      packageId,
      startsAt: new Date(now),
      endsAt: new Date(now + DAYS_VALID * DAY_MS),
    }),
  );
}

async function findOrMakePackage(instance: Instance, { service, devices }: Wanted): Promise<string> {
  const name = `Load test, ${service}, ${devices} ${devices === 1 ? 'device' : 'devices'}`;
  const api = createApiClient(instance.apiUrl, instance.apiToken);
  const { items } = await api.call(listPackages, { query: { limit: 200 } });
  const known = items.find((item) => item.name === name);
  if (known !== undefined) return known.id;
  const made = await api.call(createPackage, {
    body: {
      name,
      type: service,
      priceMinor: 0,
      currency: 'KES',
      validForSeconds: DAYS_VALID * 86_400,
      downKbps: 10_240,
      upKbps: 5_120,
      devices,
    },
  });
  return made.id;
}
