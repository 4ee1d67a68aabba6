import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { AppError } from '@turnpike/core/app-error.js';
import { hasErrorCode } from '@turnpike/stores/error-code.js';
import type { z } from 'zod';

/** The file's content, or nothing when there is no such file. Errors: AppError `conflict` when it cannot be understood. */
export async function readJson<Schema extends z.ZodType>(
  file: string,
  schema: Schema,
): Promise<z.infer<Schema> | undefined> {
  const text = await readFile(file, 'utf8').catch((error: unknown) => {
    if (hasErrorCode(error, 'ENOENT')) return undefined;
    throw error;
  });
  if (text === undefined) return undefined;
  try {
    return schema.parse(JSON.parse(text));
  } catch (cause) {
    throw new AppError('conflict', `${file} is damaged: delete it (or put a copy back) and start again`, { cause });
  }
}

/** Replaces the file in one step; only its owner can read it. */
export async function writeJson(file: string, value: unknown): Promise<void> {
  await mkdir(path.dirname(file), { recursive: true });
  const fresh = `${file}.new`;
  await writeFile(fresh, `${JSON.stringify(value, undefined, 2)}\n`, { mode: 0o600 });
  await rename(fresh, file);
}
