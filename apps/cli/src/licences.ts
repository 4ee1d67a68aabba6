import path from 'node:path';
import { runProgram } from '@turnpike/stores/run-program.js';
import { z } from 'zod';

const ALLOWED = new Set([
  '0BSD',
  'Apache-2.0',
  'BlueOak-1.0.0',
  'BSD-2-Clause',
  'BSD-3-Clause',
  'CC-BY-3.0',
  'CC-BY-4.0',
  'CC0-1.0',
  'ISC',
  'MIT',
  'MIT-0',
  'MPL-2.0',
  'Python-2.0',
  'Unlicense',
  'WTFPL',
]);

/** Packages whose licence is not in the list and why that is all right. */
const EXCEPTIONS: readonly { readonly packages: RegExp; readonly reason: string }[] = [
  { packages: /^turnpike@|^@turnpike\//, reason: 'this repository' },
  {
    packages: /^(pm2|@pm2\/[^@]+|pm2-[^@]+)@/,
    reason: 'AGPL-3.0, run as a program beside ours, its code is never loaded',
  },
  {
    packages: /^elkjs@/,
    reason: 'EPL-2.0, part of the studio of the prisma program, which only generates code for us',
  },
  { packages: /^radius@/, reason: 'its LICENSE file is the three-clause BSD licence; package.json says only BSD' },
];

const reportSchema = z.record(
  z.string(),
  z.object({ licenses: z.union([z.string(), z.array(z.string())]), private: z.boolean().optional() }),
);

/** Whether an SPDX expression leaves us a choice that is allowed; `*` marks a licence that was guessed from a file. */
export function isAllowed(expression: string): boolean {
  const plain = expression.replace(/[()*]/g, ' ').trim();
  return plain.split(/\s+OR\s+/).some((choice) => choice.split(/\s+AND\s+/).every((one) => ALLOWED.has(one.trim())));
}

/** Production dependencies whose licence we have not agreed to; nothing when there is none. */
export async function licenceProblems(root: string): Promise<string | undefined> {
  const program = path.join(root, 'node_modules/license-checker-rseidelsohn/bin/license-checker-rseidelsohn.js');
  const args = [program, '--production', '--json', '--start', root];
  const { ok, stdout, explanation } = await runProgram(process.execPath, args, { cwd: root, timeoutMs: 120_000 });
  if (!ok) return explanation;
  const report = reportSchema.parse(JSON.parse(stdout));
  const problems = Object.entries(report).flatMap(([name, { licenses, private: ours }]) => {
    const all = [licenses].flat();
    const excepted = ours === true || EXCEPTIONS.some(({ packages }) => packages.test(name));
    const accepted = excepted || all.some(isAllowed);
    return accepted ? [] : [`${name}: ${all.join(', ')}`];
  });
  return problems.length === 0 ? undefined : `licences that were not agreed to:\n${problems.join('\n')}`;
}
