import { randomBytes, randomInt } from 'node:crypto';
import { newToken, randomReadable } from '@turnpike/core/tokens.js';
import { z } from 'zod';
import { readJson, writeJson } from './json-file.js';

const secretsSchema = z.object({
  postgresPassword: z.string(),
  redisDurablePassword: z.string(),
  redisCachePassword: z.string(),
  /** 64 hexadecimal digits. */
  encryptionKey: z.string(),
  tokenPepper: z.string(),
  metricsToken: z.string(),
  operatorEmail: z.string(),
  operatorPassword: z.string(),
  apiToken: z.string(),
  simulatorSeed: z.string(),
  /** What the M-Pesa and SMS stand-ins accept. */
  darajaConsumerKey: z.string(),
  darajaConsumerSecret: z.string(),
  darajaShortcode: z.string(),
  darajaPasskey: z.string(),
  /** In the addresses that payments to the paybill are announced at. */
  darajaC2bToken: z.string(),
  smsApiKey: z.string(),
});

export type Secrets = z.infer<typeof secretsSchema>;

function freshSecrets(): Secrets {
  const hex = (bytes: number) => randomBytes(bytes).toString('hex');
  return {
    postgresPassword: hex(24),
    redisDurablePassword: hex(24),
    redisCachePassword: hex(24),
    encryptionKey: hex(32),
    tokenPepper: hex(32),
    metricsToken: hex(24),
    operatorEmail: 'owner@turnpike.local',
    operatorPassword: [1, 2, 3, 4].map(() => randomReadable(5)).join('-'),
    apiToken: newToken('tpk'),
    simulatorSeed: String(randomInt(1, 2 ** 31)),
    darajaConsumerKey: hex(24),
    darajaConsumerSecret: hex(24),
    darajaShortcode: String(randomInt(100_000, 1_000_000)),
    darajaPasskey: hex(32),
    darajaC2bToken: hex(24),
    smsApiKey: hex(24),
  };
}

/** The secrets of this data directory; what is missing is made up once and kept. */
export async function loadSecrets(file: string): Promise<Secrets> {
  const known = await readJson(file, secretsSchema.partial());
  const complete = secretsSchema.safeParse(known);
  if (complete.success) return complete.data;
  const secrets = { ...freshSecrets(), ...known };
  await writeJson(file, secrets);
  return secrets;
}
