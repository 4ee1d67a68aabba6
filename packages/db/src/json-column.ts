import { Prisma } from './generated/client.js';

/** A value for a JSON column: null is SQL's NULL, not JSON's. */
export function jsonColumn(value: Prisma.InputJsonValue | null): Prisma.InputJsonValue | typeof Prisma.DbNull {
  return value ?? Prisma.DbNull;
}
