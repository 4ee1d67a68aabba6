import { maskMsisdn } from '@turnpike/core/msisdn.js';
import { Secret } from '@turnpike/core/secret.js';
import { pino, stdTimeFunctions, type DestinationStream, type Logger } from 'pino';

export type { Logger };

export const logLevels = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const;
export type LogLevel = (typeof logLevels)[number];

export interface LoggerOptions {
  readonly level: LogLevel;
  readonly role: string;
  readonly instance: string;
  /** Default: standard output. */
  readonly destination?: DestinationStream;
}

const SECRET_FIELD =
  /pass(word|wd|phrase)?$|secret|token$|authorization|cookie|api_?key|encryption_?key|pepper|credential/i;
const CHILD_FIELDS = ['password', 'apiPassword', 'secret', 'radiusSecret', 'token', 'authorization', 'cookie'] as const;
const PHONE_FIELD = /msisdn|phone/i;
const DEEPEST = 6;

/** JSON lines on `destination`. Fields named like secrets are redacted at any depth, phone numbers are masked. */
export function createLogger(options: LoggerOptions): Logger {
  const settings = {
    level: options.level,
    base: { role: options.role, instance: options.instance, pid: process.pid },
    timestamp: stdTimeFunctions.isoTime,
    formatters: { level: (label: string) => ({ level: label }), log: redactFields },
    // Fields of child loggers do not pass through the formatter.
    redact: { paths: [...CHILD_FIELDS], censor: '[redacted]' },
    serializers: { err: describeError, error: describeError },
  };
  return options.destination === undefined ? pino(settings) : pino(settings, options.destination);
}

function redactFields(fields: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(fields).map(([name, value]) => [name, redacted(name, value, 0)]));
}

function redacted(name: string, value: unknown, depth: number): unknown {
  if (value === undefined || value === null) return value;
  if (SECRET_FIELD.test(name) && typeof value !== 'boolean') return '[redacted]';
  if (PHONE_FIELD.test(name) && typeof value === 'string') return maskMsisdn(value);
  if (typeof value !== 'object' || value instanceof Error || value instanceof Secret) return value;
  if (depth >= DEEPEST) return '[deep]';
  if (Array.isArray(value)) return value.map((item) => redacted(name, item, depth + 1));
  if (ArrayBuffer.isView(value)) return `[${value.byteLength} bytes]`;
  if (!isPlain(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, redacted(key, item, depth + 1)]));
}

function isPlain(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}

/** Only what an error says of itself: its other properties may hold requests, rows or connection strings. */
function describeError(error: unknown, depth = 0): unknown {
  if (!(error instanceof Error)) return error;
  const code = 'code' in error && typeof error.code === 'string' ? error.code : undefined;
  const cause = error.cause === undefined || depth >= 3 ? undefined : describeError(error.cause, depth + 1);
  return { type: error.name, code, message: error.message, stack: error.stack, cause };
}
