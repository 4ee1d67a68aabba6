import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Menu } from './menu.js';
import { allMenus, schemaOf } from './schema.js';
import { existsIn, parseVersion } from './version.js';

/** The public command tree this was checked against lies beside the checkout where it is developed. */
const repoRoot = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../../../..');
const referenceFile = path.resolve(repoRoot, '../shared/reference/routeros/schema-subset.json');
const present = existsSync(referenceFile);

interface ReferenceMenu {
  readonly k: string;
  readonly props?: readonly string[];
  readonly c?: Readonly<Record<string, unknown>>;
  readonly d?: Readonly<Record<string, unknown>>;
}

function reference(): Readonly<Record<string, ReferenceMenu>> {
  const parsed: { paths: Record<string, ReferenceMenu> } = JSON.parse(readFileSync(referenceFile, 'utf8'));
  return parsed.paths;
}

/** Argument names of one command: a list, a record, or "like add". */
function argumentsOf(menu: ReferenceMenu, verb: string): Set<string> {
  const entry = menu.c?.[verb];
  if (Array.isArray(entry)) return new Set(entry.map(String));
  if (typeof entry !== 'object' || entry === null) return new Set();
  if (!('like' in entry)) return new Set(Object.keys(entry));
  const plus = '+' in entry && Array.isArray(entry['+']) ? entry['+'].map(String) : [];
  return new Set([...argumentsOf(menu, 'add'), ...plus]);
}

const NOW = parseVersion('7.22.3');

/** What of a menu of ours is not in the reference. */
function strangers(ours: Menu, theirs: ReferenceMenu): string[] {
  const wrong: string[] = [];
  const settable = new Set([...argumentsOf(theirs, 'add'), ...argumentsOf(theirs, 'set')]);
  const readable = new Set(theirs.props ?? []);
  for (const [name, argument] of Object.entries(ours.args)) {
    if (existsIn(NOW, argument) && !settable.has(name)) wrong.push(`${ours.path} argument ${name}`);
  }
  for (const name of ours.readOnly) if (!readable.has(name)) wrong.push(`${ours.path} property ${name}`);
  for (const [verb, spec] of Object.entries(ours.verbs)) {
    if (!existsIn(NOW, spec)) continue;
    if (theirs.c?.[verb] === undefined) wrong.push(`${ours.path} command ${verb}`);
    const known = argumentsOf(theirs, verb);
    for (const [name, argument] of Object.entries(spec.args)) {
      if (existsIn(NOW, argument) && !known.has(name)) wrong.push(`${ours.path}/${verb} argument ${name}`);
    }
  }
  return wrong;
}

const whenPresent = present ? test : test.skip;

describe('the schema of the simulator', () => {
  whenPresent('has no path, command, argument or property that the public 7.22 command tree lacks', () => {
    const theirs = reference();
    const wrong = allMenus
      .filter((menu) => existsIn(NOW, menu))
      .flatMap((menu) => {
        const twin = theirs[menu.path];
        return twin === undefined ? [`path ${menu.path}`] : strangers(menu, twin);
      });
    expect(wrong).toEqual([]);
  });

  whenPresent('calls the same menus lists, settings and commands as the public tree', () => {
    const theirs = reference();
    const kinds: Readonly<Record<string, string>> = { list: 'list', settings: 'settings', cmds: 'commands' };
    const wrong = allMenus.filter((menu) => kinds[theirs[menu.path]?.k ?? ''] !== menu.kind).map((menu) => menu.path);
    expect(wrong).toEqual([]);
  });

  test('offers require-message-auth from 7.15 on only', () => {
    const has = (version: string): boolean =>
      schemaOf(parseVersion(version)).menu('/radius')?.args['require-message-auth'] !== undefined;
    expect([has('6.49.17'), has('7.14'), has('7.15'), has('7.22')]).toEqual([false, false, true, true]);
  });

  test('6.49 has no WireGuard, no device-mode and the old NTP client', () => {
    const old = schemaOf(parseVersion('6.49.17'));
    expect(old.menu('/interface/wireguard')).toBeUndefined();
    expect(old.menu('/system/device-mode')).toBeUndefined();
    expect(Object.keys(old.menu('/system/ntp/client')?.args ?? {})).toContain('primary-ntp');
    expect(Object.keys(schemaOf(NOW).menu('/system/ntp/client')?.args ?? {})).not.toContain('primary-ntp');
  });

  test('every reference points at a menu that exists', () => {
    const paths = new Set(allMenus.map((menu) => menu.path));
    const dangling = allMenus.flatMap((menu) =>
      Object.values(menu.args)
        .map(({ type }) => (type.kind === 'ref' ? type.path : undefined))
        .filter((target) => target !== undefined && !paths.has(target)),
    );
    expect(dangling).toEqual([]);
  });
});

if (!present) process.stderr.write(`skipped: no reference command tree at ${referenceFile}\n`);
