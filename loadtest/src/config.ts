import path from 'node:path';
import { z } from 'zod';

const environment = z.object({
  TURNPIKE_DATA: z.string().optional(),
  PATH: z.string(),
  HOME: z.string().default('/tmp'),
  /** k6: iterations a second and how long. */
  RATE: z.coerce.number().positive().default(300),
  DURATION: z
    .string()
    .regex(/^\d+s$/)
    .default('30s'),
  /** RADIUS: customers made by loadtest:prepare, requests in flight, seconds. */
  CUSTOMERS: z.coerce.number().int().positive().default(5000),
  WINDOW: z.coerce.number().int().positive().max(4000).default(64),
  SECONDS: z.coerce.number().positive().max(600).default(15),
  NAS_ADDRESS: z.ipv4().default('127.99.0.1'),
  NAS_SECRET: z.string().default('loadtest-secret-of-32-characters'),
});

export type LoadtestConfig = z.infer<typeof environment> & { readonly root: string; readonly dataDir: string };

export function readConfig(env: NodeJS.ProcessEnv = process.env): LoadtestConfig {
  const root = path.resolve(import.meta.dirname, '..', '..');
  const read = environment.parse(env);
  return { ...read, root, dataDir: path.resolve(root, read.TURNPIKE_DATA ?? '.data') };
}
