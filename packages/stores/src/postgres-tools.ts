import path from 'node:path';
import { type ProgramResult, runProgram } from './run-program.js';
import type { ServerAccount } from './server-account.js';

/** The programs of PostgreSQL and the account to run them under (ours when there is none). */
export interface PostgresTools {
  readonly bin: string;
  readonly account: ServerAccount | undefined;
}

const ENVIRONMENT = { LC_ALL: 'C.UTF-8', PATH: '/usr/sbin:/usr/bin:/sbin:/bin' };

export function runTool(
  tools: PostgresTools,
  tool: 'initdb' | 'pg_ctl',
  args: readonly string[],
): Promise<ProgramResult> {
  return runProgram(path.join(tools.bin, tool), args, { account: tools.account, env: ENVIRONMENT, timeoutMs: 90_000 });
}
