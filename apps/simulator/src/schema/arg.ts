/** What a RouterOS argument accepts. `words` are literals accepted beside the type (`none`, `unlimited`, `auto` ..). */
export type ValueType =
  | { readonly kind: 'text'; readonly pattern?: RegExp; readonly refusal?: string }
  | { readonly kind: 'bool' }
  | { readonly kind: 'int'; readonly min: number; readonly max: number; readonly words: readonly string[] }
  | { readonly kind: 'duration'; readonly words: readonly string[] }
  | { readonly kind: 'enum'; readonly words: readonly string[] }
  | { readonly kind: 'ref'; readonly path: string; readonly words: readonly string[] }
  | { readonly kind: 'ip'; readonly words: readonly string[] }
  | { readonly kind: 'prefix' }
  | { readonly kind: 'interface-address' }
  | { readonly kind: 'ranges' }
  | { readonly kind: 'ports' }
  | { readonly kind: 'rate-pair' }
  | { readonly kind: 'mac' }
  | { readonly kind: 'list'; readonly of: ValueType }
  | { readonly kind: 'negatable'; readonly of: ValueType }
  | { readonly kind: 'either'; readonly types: readonly ValueType[] };

export interface ArgOptions {
  readonly required?: boolean;
  /** Printed for a new row that does not name the property; without it the property is absent. */
  readonly initial?: string;
  readonly since?: string;
  readonly until?: string;
  /** Masked for users without the policy `sensitive`. */
  readonly secret?: boolean;
  /** Never printed, to nobody. */
  readonly writeOnly?: boolean;
}

export interface Arg extends ArgOptions {
  readonly type: ValueType;
}

export const arg = (type: ValueType, options: ArgOptions = {}): Arg => ({ type, ...options });
export const text = (options?: ArgOptions): Arg => arg({ kind: 'text' }, options);
export const matching = (pattern: RegExp, refusal: string, options?: ArgOptions): Arg =>
  arg({ kind: 'text', pattern, refusal }, options);
export const bool = (options?: ArgOptions): Arg => arg({ kind: 'bool' }, options);
export const int = (min: number, max: number, options?: ArgOptions, words: readonly string[] = []): Arg =>
  arg({ kind: 'int', min, max, words }, options);
export const duration = (options?: ArgOptions, ...words: readonly string[]): Arg =>
  arg({ kind: 'duration', words }, options);
export const oneOf = (words: string, options?: ArgOptions): Arg =>
  arg({ kind: 'enum', words: words.split(' ') }, options);
export const someOf = (words: string, options?: ArgOptions): Arg =>
  arg({ kind: 'list', of: { kind: 'enum', words: words.split(' ') } }, options);
export const ref = (path: string, options?: ArgOptions, ...words: readonly string[]): Arg =>
  arg({ kind: 'ref', path, words }, options);
export const refs = (path: string, options?: ArgOptions, ...words: readonly string[]): Arg =>
  arg({ kind: 'list', of: { kind: 'ref', path, words } }, options);
export const ip = (options?: ArgOptions, ...words: readonly string[]): Arg => arg({ kind: 'ip', words }, options);
export const ips = (options?: ArgOptions): Arg => arg({ kind: 'list', of: { kind: 'ip', words: [] } }, options);
export const prefix = (options?: ArgOptions): Arg => arg({ kind: 'prefix' }, options);
export const prefixes = (options?: ArgOptions): Arg => arg({ kind: 'list', of: { kind: 'prefix' } }, options);
export const ranges = (options?: ArgOptions): Arg => arg({ kind: 'ranges' }, options);
export const mac = (options?: ArgOptions): Arg => arg({ kind: 'mac' }, options);
export const negatable = (inner: Arg): Arg => ({ ...inner, type: { kind: 'negatable', of: inner.type } });
export const either = (options: ArgOptions, ...inner: readonly Arg[]): Arg =>
  arg({ kind: 'either', types: inner.map((one) => one.type) }, options);

/** Several free-text arguments at once. */
export function texts(names: string): Record<string, Arg> {
  return Object.fromEntries(names.split(' ').map((name) => [name, text()]));
}

export function allNegatable(args: Record<string, Arg>): Record<string, Arg> {
  return Object.fromEntries(Object.entries(args).map(([name, one]) => [name, negatable(one)]));
}
