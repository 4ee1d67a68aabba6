import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { runTurnpike } from './verb-rig.js';

const SHELL_MS = 30_000;

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'turnpike-completion-'));
});

afterAll(async () => {
  await rm(folder, { recursive: true, force: true });
});

const run = async (shell: string, args: readonly string[]): Promise<string> => {
  const env = { PATH: process.env['PATH'], FPATH: process.env['FPATH'], HOME: folder, TERM: 'dumb' };
  return (await promisify(execFile)(shell, args, { timeout: SHELL_MS, env })).stdout;
};

const installed = async (shell: string): Promise<boolean> => {
  const found = await run(shell, ['--version']).then(
    () => true,
    () => false,
  );
  if (!found) process.stderr.write(`SKIPPED, install ${shell}: its completion is not tried out\n`);
  return found;
};

const [hasZsh, hasFish] = await Promise.all([installed('zsh'), installed('fish')]);

const turnpike = (argv: readonly string[]) => runTurnpike(argv, {}, { instance: folder, credentials: folder });

/** The script for a shell, in a file. */
async function scriptFile(shell: string): Promise<string> {
  const { out, exit } = await turnpike(['completion', shell]);
  expect(exit).toBe(0);
  const file = path.join(folder, `turnpike.${shell}`);
  await writeFile(file, out);
  return file;
}

describe('completion', () => {
  test('bash takes the script, and completes verbs and options', async () => {
    const file = await scriptFile('bash');
    await run('bash', ['-n', file]);
    const asked = await run('bash', [
      '-c',
      `source ${file}
      COMP_WORDS=(turnpike router ro); COMP_CWORD=2; _turnpike; echo "\${COMPREPLY[@]}"
      COMP_WORDS=(turnpike router deploy x --wa); COMP_CWORD=4; _turnpike; echo "\${COMPREPLY[@]}"
      COMP_WORDS=(turnpike login --em); COMP_CWORD=2; _turnpike; echo "\${COMPREPLY[@]}"`,
    ]);
    expect(asked.trim().split('\n')).toEqual(['rollback', '--walled-garden --watch', '--email']);
  });

  (hasZsh ? test : test.skip)('zsh takes the script, and completes verbs and options when Tab is pressed', async () => {
    const file = await scriptFile('zsh');
    await run('zsh', ['-f', '-n', file]);
    // A shell in a terminal of its own, into which Tab is typed; what it would run is printed instead.
    const asked = await run('zsh', [
      '-f',
      '-c',
      `zmodload zsh/zpty
      zpty shell zsh -f -i
      zpty -w shell 'PROMPT=; unsetopt zle_bracketed_paste; autoload -Uz compinit; compinit -u -D; source ${file}'
      zpty -w shell 'turnpike() { print -r -- "asked: $*:" }; print -r -- "rea""dy"'
      zpty -r -m shell seen '*ready*'
      for typed in 'router ro' 'router deploy x --wat' 'login --em'; do
        zpty -w -n shell "turnpike $typed"$'\\t\\n'
        zpty -r -m shell seen '*asked: *:*'
        print -r -- "$seen"
      done`,
    ]);
    expect([...asked.matchAll(/asked: (.*?) ?:/g)].map(([, words]) => words)).toEqual([
      'router rollback',
      'router deploy x --watch',
      'login --email',
    ]);
  });

  (hasFish ? test : test.skip)('fish takes the script, and completes verbs and options', async () => {
    const file = await scriptFile('fish');
    await run('fish', ['--no-config', '--no-execute', file]);
    const asked = async (line: string): Promise<string[]> => {
      const offered = await run('fish', ['--no-config', '-c', `source ${file}; complete -C '${line}'`]);
      return offered
        .trim()
        .split('\n')
        .map((offer) => offer.split('\t')[0] ?? '');
    };
    expect(await asked('turnpike router ro')).toEqual(['rollback']);
    expect(await asked('turnpike router deploy x --wa')).toEqual(['--walled-garden', '--watch']);
    expect(await asked('turnpike login --em')).toEqual(['--email']);
  });

  test('there is one for zsh and fish, and for nothing else', async () => {
    expect((await turnpike(['completion', 'zsh'])).out).toContain('#compdef turnpike');
    expect((await turnpike(['completion', 'fish'])).out).toContain("-a 'rollback'");
    expect((await turnpike(['completion', 'csh'])).exit).toBe(2);
  });
});
