import type { ValueType } from '../schema/arg.js';
import { durationMs, printDuration } from './duration.js';
import { ipToNumber, networkOf, numberToIp, parsePrefix, parseRange } from './ipv4-text.js';
import { RouterTrap } from './router-trap.js';

/** Looks up the name of an object another one refers to: by name, or by `*id`; undefined when there is none. */
export type ResolveReference = (path: string, nameOrId: string) => string | undefined;

const mismatch = (name: string): RouterTrap => new RouterTrap(`input does not match any value of ${name}`, 1);
const invalid = (name: string): RouterTrap => new RouterTrap(`invalid value for argument ${name}`, 1);

const SIZES: Readonly<Record<string, number>> = { '': 1, k: 1000, K: 1000, M: 1000000, G: 1000000000 };

function rate(name: string, text: string): string {
  const parts = /^(\d+)([kKMG]?)$/.exec(text);
  if (parts === null) throw invalid(name);
  return String(Number(parts[1]) * (SIZES[parts[2] ?? ''] ?? 1));
}

function ratePair(name: string, text: string): string {
  const [up = '', down = up, ...rest] = text.split('/');
  if (rest.length > 0) throw invalid(name);
  return `${rate(name, up)}/${rate(name, down)}`;
}

function integer(name: string, text: string, type: Extract<ValueType, { kind: 'int' }>): string {
  if (type.words.includes(text)) return text;
  const value = /^\d+$/.test(text) ? Number(text) : /^0x[0-9a-f]+$/i.test(text) ? Number.parseInt(text, 16) : undefined;
  if (value === undefined) throw type.words.length > 0 ? mismatch(name) : invalid(name);
  if (value < type.min || value > type.max) {
    throw new RouterTrap(`value of ${name} out of range (${type.min}..${type.max})`, 1);
  }
  return String(value);
}

function boolean(name: string, text: string): string {
  if (text === 'yes' || text === 'true') return 'true';
  if (text === 'no' || text === 'false') return 'false';
  throw mismatch(name);
}

function ports(name: string, text: string): string {
  for (const part of text.split(',')) {
    const bounds = part.split('-').map((bound) => (/^\d{1,5}$/.test(bound) ? Number(bound) : -1));
    if (bounds.length > 2 || bounds.some((bound) => bound < 0 || bound > 65535)) throw invalid(name);
  }
  return text;
}

function macAddress(name: string, text: string): string {
  const hex = text.replaceAll(/[:.-]/g, '');
  if (!/^[0-9a-f]{12}$/i.test(hex)) throw new RouterTrap(`invalid value of ${name}, mac address required`, 1);
  return hex.toUpperCase().replaceAll(/(..)(?=.)/g, '$1:');
}

function either(name: string, text: string, types: readonly ValueType[], resolve: ResolveReference): string {
  let last: unknown;
  for (const type of types) {
    try {
      return argumentValue(name, text, type, resolve);
    } catch (error) {
      last = error;
    }
  }
  throw last;
}

/**
 * The stored and printed form of one argument, or a RouterTrap in the router's words.
 * Booleans become true/false, durations `1h30m`, references the name of the object.
 */
export function argumentValue(name: string, text: string, type: ValueType, resolve: ResolveReference): string {
  switch (type.kind) {
    case 'text':
      if (type.pattern !== undefined && !type.pattern.test(text)) throw new RouterTrap(type.refusal ?? 'failure');
      return text;
    case 'bool':
      return boolean(name, text);
    case 'int':
      return integer(name, text, type);
    case 'duration': {
      if (type.words.includes(text)) return text;
      const ms = durationMs(text);
      if (ms === undefined) throw type.words.length > 0 ? mismatch(name) : invalid(name);
      return printDuration(ms);
    }
    case 'enum':
      if (!type.words.includes(text)) throw mismatch(name);
      return text;
    case 'ref': {
      if (type.words.includes(text)) return text;
      const found = resolve(type.path, text);
      if (found === undefined) throw mismatch(name);
      return found;
    }
    case 'ip': {
      if (type.words.includes(text) || /^[0-9a-f]*:[0-9a-f:.]*$/i.test(text)) return text;
      const value = ipToNumber(text);
      if (value === undefined) throw invalid(name);
      return numberToIp(value);
    }
    case 'prefix': {
      const parsed = parsePrefix(text);
      if (parsed === undefined) throw invalid(name);
      return `${numberToIp(networkOf(parsed))}/${parsed.bits}`;
    }
    case 'interface-address': {
      const parsed = parsePrefix(text);
      if (parsed === undefined) throw invalid(name);
      return `${numberToIp(parsed.address)}/${parsed.bits}`;
    }
    case 'ranges':
      if (text.split(',').some((part) => parseRange(part) === undefined)) throw invalid(name);
      return text;
    case 'ports':
      return ports(name, text);
    case 'rate-pair':
      return ratePair(name, text);
    case 'mac':
      return macAddress(name, text);
    case 'list':
      return text === ''
        ? ''
        : text
            .split(',')
            .map((part) => argumentValue(name, part, type.of, resolve))
            .join(',');
    case 'negatable':
      return text.startsWith('!')
        ? `!${argumentValue(name, text.slice(1), type.of, resolve)}`
        : argumentValue(name, text, type.of, resolve);
    case 'either':
      return either(name, text, type.types, resolve);
  }
}
