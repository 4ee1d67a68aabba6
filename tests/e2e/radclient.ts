import { spawn, spawnSync } from 'node:child_process';

/** Why radclient (Debian and Ubuntu: freeradius-utils) cannot be run; undefined when it can. */
export const radclientMissing = spawnSync('radclient', ['-v']).error;

export interface RadclientRequest {
  readonly server: string;
  readonly secret: string;
  readonly attributes: readonly string[];
}

/** One request by a RADIUS implementation that is not ours; gives its exit code (0: accepted) and what it printed. */
export async function radclient(
  command: 'auth' | 'acct',
  { server, secret, attributes }: RadclientRequest,
): Promise<{ code: number; output: string }> {
  const child = spawn('radclient', ['-x', '-r', '2', '-t', '2', server, command, secret], {
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  const chunks: Buffer[] = [];
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => chunks.push(chunk));
  child.stdin.end(`${attributes.join('\n')}\n`);
  const code = await new Promise<number>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (exit) => resolve(exit ?? -1));
  });
  return { code, output: Buffer.concat(chunks).toString() };
}
