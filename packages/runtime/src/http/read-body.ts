import express, { type Request, type Response } from 'express';
import { AppError, invalidField } from '@turnpike/core/app-error.js';

export type ReadBody = (request: Request, response: Response, how?: BodyRules) => Promise<unknown>;

/** What an endpoint says of its body. */
export interface BodyRules {
  /** Any content, given as `{ raw: text }`; bytes that are no UTF-8 become U+FFFD. */
  readonly rawBody: boolean;
  /** Instead of the limit of all endpoints. */
  readonly bodyLimitBytes: number | undefined;
}

const DEEPEST = 32;

/**
 * Reads a JSON body of at most `limitBytes`. No body is `{}`. Throws `payload_too_large`, `unsupported_media_type`, or
 * `validation_failed` that says where the text stops being JSON, nests too deep, or names a forbidden field.
 */
export function createReadBody(limitBytes: number): ReadBody {
  return async (request, response, how) => {
    const limit = how?.bodyLimitBytes ?? limitBytes;
    if (how?.rawBody === true) return { raw: hasBody(request) ? await readRaw(request, response, limit) : '' };
    if (!hasBody(request)) return {};
    requireJson(request);
    const text = await readText(request, response, limit);
    return typeof text === 'string' && text.trim() !== '' ? parseJson(text) : {};
  };
}

async function readText(request: Request, response: Response, limit: number): Promise<unknown> {
  const read = express.text({ limit, type: () => true, inflate: false, defaultCharset: 'utf-8' });
  return readWith(read, request, response, limit);
}

async function readRaw(request: Request, response: Response, limit: number): Promise<string> {
  const body = await readWith(express.raw({ limit, type: () => true, inflate: false }), request, response, limit);
  return Buffer.isBuffer(body) ? body.toString('utf8') : '';
}

async function readWith(
  read: ReturnType<typeof express.raw>,
  request: Request,
  response: Response,
  limit: number,
): Promise<unknown> {
  await new Promise<void>((resolve, reject) => {
    read(request, response, (error?: unknown) => {
      if (error === undefined) resolve();
      else reject(tooLarge(error, limit));
    });
  });
  const body: unknown = request.body;
  return body;
}

function hasBody(request: Request): boolean {
  const length = request.get('content-length');
  return request.get('transfer-encoding') !== undefined || (length !== undefined && length !== '0');
}

function requireJson(request: Request): void {
  const [type = '', ...parameters] = (request.get('content-type') ?? '').toLowerCase().split(';');
  const charset = parameters.map((text) => text.trim()).find((text) => text.startsWith('charset='));
  const utf8 = charset === undefined || /^charset="?utf-?8"?$/.test(charset);
  if (type.trim() === 'application/json' && utf8) return;
  throw new AppError('unsupported_media_type', 'Send the body as application/json in UTF-8.');
}

function tooLarge(error: unknown, limitBytes: number): unknown {
  const isTooLarge = error instanceof Error && 'type' in error && error.type === 'entity.too.large';
  if (!isTooLarge) return error;
  return new AppError('payload_too_large', `The body is larger than ${Math.floor(limitBytes / 1024)} KB.`);
}

function parseJson(text: string): unknown {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw invalidField('body', `is not valid JSON: ${whereOf(error, text)}`);
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw invalidField('body', 'must be a JSON object');
  }
  refuseTricks(value);
  return value;
}

/** V8 quotes the text in some of its messages; only the position is passed on. */
function whereOf(error: unknown, text: string): string {
  const position = error instanceof Error ? /at position (\d+)/.exec(error.message)?.[1] : undefined;
  if (position === undefined) return firstOddity(text);
  const before = text.slice(0, Number(position)).split('\n');
  return `unexpected text at line ${before.length}, column ${(before.at(-1) ?? '').length + 1}`;
}

/** Without a position the text either ends too early or is a single wrong token near its start. */
function firstOddity(text: string): string {
  const end = /^\s*[{[]/.test(text) ? text.length : (/\S/.exec(text)?.index ?? 0);
  const before = text.slice(0, end).split('\n');
  const what = end === text.length ? 'it ends too early,' : 'unexpected text';
  return `${what} at line ${before.length}, column ${(before.at(-1) ?? '').length + 1}`;
}

/** `__proto__` as a field would change an object's prototype when copied; depth would exhaust the stack of what follows. */
function refuseTricks(root: object): void {
  const open: { value: object; path: string; depth: number }[] = [{ value: root, path: '', depth: 1 }];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    if (next.depth > DEEPEST) throw invalidField('body', `is nested deeper than ${DEEPEST} levels`);
    const fields: [string, unknown][] = Object.entries(next.value);
    for (const [key, child] of fields) {
      const path = next.path === '' ? key : `${next.path}.${key}`;
      if (key === '__proto__') throw invalidField(path, 'unknown field');
      if (typeof child === 'object' && child !== null) open.push({ value: child, path, depth: next.depth + 1 });
    }
  }
}
