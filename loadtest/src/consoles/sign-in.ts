import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';

const operatorFile = z.object({ operator: z.object({ email: z.string(), password: z.string() }) });

/** The operator of an instance of our own. */
export async function readOperator(dataDir: string): Promise<z.infer<typeof operatorFile>['operator']> {
  return operatorFile.parse(JSON.parse(await readFile(path.join(dataDir, 'instance.json'), 'utf8'))).operator;
}

/** Signs in as the console does; gives what the Cookie header of its requests says. */
export async function signIn(apiUrl: string, operator: { email: string; password: string }): Promise<string> {
  const response = await fetch(`${apiUrl}/auth/login`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ ...operator, as: 'cookie' }),
    signal: AbortSignal.timeout(30_000),
  });
  const [cookie] = response.headers.getSetCookie();
  if (response.status !== 200 || cookie === undefined) {
    throw new Error(`signing in was answered ${response.status}: ${(await response.text()).slice(0, 300)}`);
  }
  await response.arrayBuffer();
  return cookie.split(';', 1)[0] ?? '';
}
