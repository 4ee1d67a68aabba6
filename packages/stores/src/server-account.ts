import { userInfo } from 'node:os';
import { AppError } from '@turnpike/core/app-error.js';
import { runProgram } from './run-program.js';

export interface ServerAccount {
  readonly name: string;
  readonly uid: number;
  readonly gid: number;
}

async function numericId(flag: '-u' | '-g', name: string): Promise<number | undefined> {
  const { ok, stdout } = await runProgram('id', [flag, name]);
  return ok ? Number(stdout.trim()) : undefined;
}

async function lookUp(name: string): Promise<ServerAccount | undefined> {
  const [uid, gid] = await Promise.all([numericId('-u', name), numericId('-g', name)]);
  return uid === undefined || gid === undefined || uid === 0 ? undefined : { name, uid, gid };
}

async function createPostgresUser(): Promise<ServerAccount | undefined> {
  const args = ['--system', '--user-group', '--no-create-home', '--shell', '/usr/sbin/nologin', 'postgres'];
  for (const useradd of ['/usr/sbin/useradd', 'useradd']) {
    if ((await runProgram(useradd, args)).ok) break;
  }
  return lookUp('postgres');
}

/**
 * The account PostgreSQL runs under when it has to be another than ours: it refuses root. Root gets `postgres`
 * (created when missing) or else `nobody`; everybody else stays who they are (`undefined`).
 */
export async function serverAccount(): Promise<ServerAccount | undefined> {
  if (process.getuid?.() !== 0) {
    requirePasswdEntry();
    return undefined;
  }
  const account = (await lookUp('postgres')) ?? (await createPostgresUser()) ?? (await lookUp('nobody'));
  if (account !== undefined) return account;
  throw new AppError(
    'unavailable',
    'PostgreSQL does not run as root and no other account exists: create one with `useradd --system postgres`',
  );
}

function requirePasswdEntry(): void {
  try {
    userInfo();
  } catch (cause) {
    const uid = String(process.getuid?.());
    const line = `turnpike:x:${uid}:${String(process.getgid?.())}::/tmp:/bin/sh`;
    throw new AppError(
      'unavailable',
      `user id ${uid} has no entry in /etc/passwd and PostgreSQL needs one: add the line ${line}`,
      { cause },
    );
  }
}
