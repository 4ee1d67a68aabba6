import type { Arg } from './arg.js';

export interface VerbSpec {
  readonly args: Readonly<Record<string, Arg>>;
  readonly since?: string;
  readonly until?: string;
}

export interface Uniqueness {
  /** Rows that agree in all of these are duplicates. */
  readonly properties: readonly string[];
  readonly refusal: string;
}

/** One RouterOS menu as it was understood from the manual and the public command trees. */
export interface Menu {
  readonly path: string;
  readonly kind: 'list' | 'settings' | 'commands';
  /** Arguments of add and set (of set only, for settings and for lists without `add`). */
  readonly args: Readonly<Record<string, Arg>>;
  readonly readOnly: readonly string[];
  readonly verbs: Readonly<Record<string, VerbSpec>>;
  /** Rows have an order of their own: `place-before` and `move`. */
  readonly ordered: boolean;
  readonly unique: readonly Uniqueness[];
  /** `hotspot` makes `hotspot1`, `hotspot2` for rows added without a name. */
  readonly nameStem: string | undefined;
  readonly printArgs: readonly string[];
  readonly since: string | undefined;
  readonly until: string | undefined;
}

interface MenuOptions {
  readonly args?: Readonly<Record<string, Arg>>;
  readonly readOnly?: string;
  readonly ordered?: boolean;
  readonly unset?: boolean;
  /** Verbs instead of the usual ones of this kind. */
  readonly only?: string;
  readonly more?: Readonly<Record<string, VerbSpec | Readonly<Record<string, Arg>>>>;
  readonly unique?: readonly Uniqueness[];
  readonly nameStem?: string;
  readonly printArgs?: string;
  readonly since?: string;
  readonly until?: string;
}

export const clash = (properties: string, refusal: string): Uniqueness => ({
  properties: properties.split(' '),
  refusal,
});

function isSpec(value: VerbSpec | Readonly<Record<string, Arg>>): value is VerbSpec {
  return 'args' in value && !('type' in value.args);
}

function spec(value: VerbSpec | Readonly<Record<string, Arg>>): VerbSpec {
  return isSpec(value) ? value : { args: value };
}

function usualVerbs(options: MenuOptions): string[] {
  if (options.only !== undefined) return options.only.split(' ').filter((verb) => verb !== '');
  const verbs = ['print', 'add', 'set', 'remove'];
  if (options.args?.['disabled'] !== undefined) verbs.push('enable', 'disable');
  if (options.args?.['comment'] !== undefined) verbs.push('comment');
  if (options.ordered === true) verbs.push('move');
  if (options.unset === true) verbs.push('unset');
  return verbs;
}

function build(path: string, kind: Menu['kind'], verbs: readonly string[], options: MenuOptions): Menu {
  const usual = verbs.map((verb) => [verb, { args: {} }] as const);
  const more = Object.entries(options.more ?? {}).map(([verb, value]) => [verb, spec(value)] as const);
  return {
    path,
    kind,
    args: options.args ?? {},
    readOnly: (options.readOnly ?? '').split(' ').filter((name) => name !== ''),
    verbs: Object.fromEntries([...usual, ...more]),
    ordered: options.ordered ?? false,
    unique: options.unique ?? [],
    nameStem: options.nameStem,
    printArgs: (options.printArgs ?? '').split(' ').filter((name) => name !== ''),
    since: options.since,
    until: options.until,
  };
}

export const list = (path: string, options: MenuOptions): Menu => build(path, 'list', usualVerbs(options), options);
export const settings = (path: string, options: MenuOptions): Menu =>
  build(path, 'settings', options.only === undefined ? ['print', 'set'] : usualVerbs(options), options);
export const commands = (path: string, options: MenuOptions): Menu =>
  build(path, 'commands', usualVerbs({ only: '', ...options }), options);
