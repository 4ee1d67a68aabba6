import { execFileSync } from 'node:child_process';
import { createPackage, listPackages } from '@turnpike/contracts/packages.js';
import { curlOf } from './curl.js';

/** What a shell makes of the line: its words, one a line. */
function wordsOf(line: string): string[] {
  const script = `TURNPIKE_TOKEN=secret; set -- ${line}; printf '%s\\n' "$@"`;
  return execFileSync('sh', ['-c', script], { encoding: 'utf8' }).trimEnd().split('\n');
}

test('a shell reads the line as one call, whatever the names in it', () => {
  const body = { name: `It's "1 hour" $(reboot) \`x\`; rm -rf` };
  expect(wordsOf(curlOf('https://isp.example', createPackage, { body }))).toEqual([
    'curl',
    '-sS',
    '-H',
    'Authorization: Bearer secret',
    '-X',
    'POST',
    '-H',
    'Content-Type: application/json',
    '-d',
    JSON.stringify(body),
    'https://isp.example/api/v1/packages',
  ]);
  expect(wordsOf(curlOf('http://x', listPackages, { query: { limit: 5 } })).at(-1)).toBe(
    'http://x/api/v1/packages?limit=5',
  );
});
