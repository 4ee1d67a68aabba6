/** What a failed statement means to us. Codes: PostgreSQL appendix A, and the Prisma error reference (P....). */

interface ErrorShape {
  readonly code: string | undefined;
  readonly text: string;
}

/** Prisma hides PostgreSQL's own code at different depths depending on the kind of query. */
function shapesOf(error: unknown, depth = 0): ErrorShape[] {
  if (typeof error !== 'object' || error === null || depth > 4) return [];
  const record: Record<string, unknown> = { ...error };
  const own: ErrorShape = {
    code: firstString(record['originalCode'], record['code']),
    text: error instanceof Error ? error.message : '',
  };
  const meta = record['meta'];
  const inner = [error instanceof Error ? error.cause : undefined, record['cause'], meta];
  if (typeof meta === 'object' && meta !== null && 'driverAdapterError' in meta) inner.push(meta.driverAdapterError);
  return [own, ...inner.flatMap((next) => shapesOf(next, depth + 1))];
}

function firstString(...values: unknown[]): string | undefined {
  return values.find((value): value is string => typeof value === 'string');
}

function hasCode(error: unknown, codes: ReadonlySet<string>): boolean {
  return shapesOf(error).some((shape) => shape.code !== undefined && codes.has(shape.code));
}

const RETRYABLE = new Set(['40001', '40P01', 'P2034']);
const UNIQUE = new Set(['23505', 'P2002']);
const UNAVAILABLE = new Set([
  'P1001',
  'P1002',
  'P1008',
  'P1017',
  'P2024',
  'P2028',
  'ECONNREFUSED',
  'ECONNRESET',
  'ETIMEDOUT',
  'EPIPE',
  '53300',
  '57P01',
  '57P02',
  '57P03',
  '57014',
  '55P03',
  '08000',
  '08003',
  '08006',
]);

/** Deadlock or serialization failure: the same transaction may succeed when tried again. */
export function isRetryable(error: unknown): boolean {
  return hasCode(error, RETRYABLE);
}

/** The values themselves are refused (classes 22 and 23): the same statement will never succeed. */
export function isDataFault(error: unknown): boolean {
  return hasClass(error, DATA_FAULTS);
}

/** The server refuses for a reason of its own: no rights, a table that is not there, no disk or memory left, read-only. */
export function isServerFault(error: unknown): boolean {
  return hasClass(error, SERVER_FAULTS);
}

const DATA_FAULTS = new Set(['22', '23']);
const SERVER_FAULTS = new Set(['25', '28', '3D', '42', '53', '58']);
const SQLSTATE_LENGTH = 5;

function hasClass(error: unknown, classes: ReadonlySet<string>): boolean {
  return shapesOf(error).some(({ code }) => code?.length === SQLSTATE_LENGTH && classes.has(code.slice(0, 2)));
}

/** `constraint`: part of the name of the constraint or column that must be the one violated. */
export function isUniqueViolation(error: unknown, constraint?: string): boolean {
  if (!hasCode(error, UNIQUE)) return false;
  return constraint === undefined || JSON.stringify(describe(error)).includes(constraint);
}

/** The database cannot be reached, is going down, or did not answer in time: an answer of 503, not a bug of ours. */
export function isUnavailable(error: unknown): boolean {
  if (hasCode(error, UNAVAILABLE)) return true;
  return shapesOf(error).some((shape) =>
    /connection terminated|timeout exceeded when trying to connect|query read timeout|can't reach database/i.test(
      shape.text,
    ),
  );
}

function describe(error: unknown): unknown[] {
  return shapesOf(error)
    .map((shape) => [shape.code, shape.text])
    .concat([[metaOf(error)].map((meta) => JSON.stringify(meta))]);
}

function metaOf(error: unknown): unknown {
  if (typeof error !== 'object' || error === null || !('meta' in error)) return null;
  return error.meta;
}
