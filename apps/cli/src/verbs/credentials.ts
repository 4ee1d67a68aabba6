import path from 'node:path';
import { z } from 'zod';
import { readJson, writeJson } from '../json-file.js';

const credentialsSchema = z.object({
  /** The server that verbs talk to unless they are told another one. */
  current: z.string().nullable(),
  /** By URL of the API. */
  logins: z.record(z.string(), z.object({ email: z.string(), token: z.string(), expiresAt: z.string() })),
});
export type Credentials = z.infer<typeof credentialsSchema>;

const NONE: Credentials = { current: null, logins: {} };

export function credentialsFile(configHome: string): string {
  return path.join(configHome, 'turnpike', 'credentials.json');
}

/** Nothing was kept yet: no logins. */
export async function readCredentials(file: string): Promise<Credentials> {
  return (await readJson(file, credentialsSchema)) ?? NONE;
}

/** Readable by its owner only. */
export async function keepLogin(file: string, apiUrl: string, login: Credentials['logins'][string]): Promise<void> {
  const { logins } = await readCredentials(file);
  await writeJson(file, { current: apiUrl, logins: { ...logins, [apiUrl]: login } });
}

export async function forgetLogin(file: string, apiUrl: string): Promise<void> {
  const { current, logins } = await readCredentials(file);
  const rest = Object.fromEntries(Object.entries(logins).filter(([url]) => url !== apiUrl));
  await writeJson(file, { current: current === apiUrl ? null : current, logins: rest });
}

/** What people type as the address of a server, as the URL of its API. */
export function apiUrlOf(text: string): string {
  const url = new URL(/^https?:\/\//i.test(text) ? text : `https://${text}`);
  const bare = url.pathname.replace(/\/+$/, '');
  return `${url.origin}${bare === '' ? '/api/v1' : bare}`;
}
