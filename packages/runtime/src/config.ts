import { z } from 'zod';
import { Secret } from '@turnpike/core/secret.js';

export class ConfigError extends Error {
  override readonly name = 'ConfigError';
}

/**
 * Reads the environment once. Variables that are empty count as absent. Throws one ConfigError that lists every bad variable,
 * what it must be and where to set it; it never shows a value.
 */
export function readConfig<Schema extends z.ZodType>(
  schema: Schema,
  env: Readonly<Record<string, string | undefined>>,
): z.output<Schema> {
  const given = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== undefined && value !== ''));
  const parsed = schema.safeParse(given);
  if (parsed.success) return parsed.data;
  const lines = parsed.error.issues.map((issue) => {
    const name = issue.path.map(String).join('.') || 'the environment';
    const missing = issue.path.length === 1 && !(String(issue.path[0]) in given);
    return `  ${name} ${missing ? 'is not set' : 'is not usable'}: ${issue.message}`;
  });
  throw new ConfigError(
    [
      `${lines.length === 1 ? 'One setting is' : `${lines.length} settings are`} wrong:`,
      ...lines,
      'Set them in the environment of this process and start again; `npm start` makes all of them for you.',
    ].join('\n'),
  );
}

/** A text that never shows in logs. `minLength` in characters. */
export function secret(minLength = 1) {
  return z
    .string()
    .min(minLength)
    .transform((text) => new Secret(text));
}

/** A TCP or UDP port; 0 asks the system for a free one. */
export function port() {
  return z.coerce.number().int().min(0).max(65_535);
}

/** `a, b,c` -> [a, b, c]; nothing -> []. */
export function csv() {
  return z
    .string()
    .default('')
    .transform((text) =>
      text
        .split(',')
        .map((item) => item.trim())
        .filter((item) => item !== ''),
    );
}

/** `true`, `1`, `yes` or `false`, `0`, `no`. */
export function flag() {
  return z
    .enum(['true', '1', 'yes', 'false', '0', 'no'])
    .transform((text) => text === 'true' || text === '1' || text === 'yes');
}

/** Encryption keys of 64 hex digits, comma-separated, the current one first; at least one. */
export function encryptionKeys() {
  return csv().refine((keys) => keys.length > 0 && keys.every((key) => /^[0-9a-f]{64}$/i.test(key)), {
    message: 'must be one or more keys of 64 hex digits, separated by commas (make one with: openssl rand -hex 32)',
  });
}
