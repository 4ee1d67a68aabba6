import type { RosRow } from './ros-session.js';
import { parseIpv4 } from './ipv4.js';
import { checkAttributeName, checkText } from './words.js';

/*
 * Print queries (RouterOS manual: "API", section "Queries"). A query is a row of `?` words that push truth values on a
 * stack and combine them; a row is printed when no false is left. Below its last value the stack is true for ever.
 */

/**
 * `{ name: 'tp', disabled: false }` as `?name=tp`, `?disabled=false`; all of them must hold.
 * Throws RosError `usage` on a bad name.
 */
export function queryWords(where: Readonly<Record<string, string | boolean>>): string[] {
  return Object.entries(where).map(
    ([name, value]) => `?${checkAttributeName(name)}=${typeof value === 'boolean' ? value : checkText(name, value)}`,
  );
}

/**
 * Whether the row passes all query words; words that are not queries (no leading `?`) are ignored.
 * Values are compared in the form the router prints: `?disabled=no` does not find `disabled=false`.
 */
export function matchesQuery(words: readonly string[], row: RosRow): boolean {
  const stack = new QueryStack();
  for (const word of words) {
    if (word.startsWith('?#')) stack.operate(word.slice(2));
    else if (word.startsWith('?')) stack.push(testRow(word.slice(1), row));
  }
  return stack.passes();
}

function testRow(test: string, row: RosRow): boolean {
  const operator = /^[-=<>]/.exec(test)?.[0];
  const body = operator === undefined ? test : test.slice(1);
  const equals = body.indexOf('=');
  const actual = row[equals < 0 ? body : body.slice(0, equals)];
  if (operator === '-') return actual === undefined;
  if (actual === undefined) return false;
  if (equals < 0) return true;
  const wanted = body.slice(equals + 1);
  if (operator === '<') return compareValues(actual, wanted) < 0;
  if (operator === '>') return compareValues(actual, wanted) > 0;
  return actual === wanted;
}

/** Numbers and IPv4 addresses by value, anything else by its text. */
function compareValues(left: string, right: string): number {
  const a = numeric(left);
  const b = numeric(right);
  if (a !== undefined && b !== undefined) return a - b;
  if (left === right) return 0;
  return left < right ? -1 : 1;
}

function numeric(value: string): number | undefined {
  return /^-?\d+$/.test(value) ? Number(value) : parseIpv4(value);
}

class QueryStack {
  /** The top is the last element. */
  #values: boolean[] = [];

  push(value: boolean): void {
    this.#values.push(value);
  }

  passes(): boolean {
    return !this.#values.includes(false);
  }

  /** The text after `?#`: indices, `!`, `&`, `|` and `.` from left to right. */
  operate(operations: string): void {
    const tokens = operations.match(/\d+|\D/g) ?? [];
    tokens.forEach((token, position) => {
      const afterIndex = /^\d/.test(tokens[position - 1] ?? '');
      if (/^\d/.test(token)) this.#pick(Number(token), position === tokens.length - 1);
      else this.#apply(token, afterIndex);
    });
  }

  /** An index at the end of the word replaces the whole stack; elsewhere it pushes a copy. 0 is the top. */
  #pick(index: number, last: boolean): void {
    const value = this.#values[this.#values.length - 1 - index] ?? true;
    this.#values = last ? [value] : [...this.#values, value];
  }

  #apply(operator: string, afterIndex: boolean): void {
    if (operator === '!') this.push(!this.#pop());
    else if (operator === '&') this.#combine((a, b) => a && b);
    else if (operator === '|') this.#combine((a, b) => a || b);
    else if (operator === '.' && !afterIndex) this.push(this.#values.at(-1) ?? true);
  }

  #combine(operator: (a: boolean, b: boolean) => boolean): void {
    const right = this.#pop();
    const left = this.#pop();
    this.push(operator(left, right));
  }

  #pop(): boolean {
    return this.#values.pop() ?? true;
  }
}
