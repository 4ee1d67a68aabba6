import { z } from 'zod';

export const id = z.uuid();
export const idParams = z.strictObject({ id });

/** ISO 8601 instant in UTC. */
export const instant = z.iso.datetime();

/** A 64-bit count as decimal digits: JSON numbers lose precision beyond 2^53. */
export const octets = z.string().regex(/^\d{1,20}$/, 'must be a whole number of bytes as decimal digits');

/**
 * Neither control characters nor halves of surrogate pairs: PostgreSQL keeps no NUL, and UTF-8 cannot carry a lone surrogate.
 * For `refine`, not `regex`: many readers of OpenAPI files do not know Unicode properties in patterns.
 */
export function isStorable(text: string): boolean {
  return !/[\p{Cc}\p{Cs}]/u.test(text);
}

export const NOT_STORABLE = 'must not contain control characters';

/** What people search for. */
export function searchText(maxLength: number) {
  return z.string().max(maxLength).refine(isStorable, NOT_STORABLE);
}

/** Names that people give to things. */
export const displayName = z
  .string()
  .trim()
  .min(1, 'must not be empty')
  .max(80, 'must be at most 80 characters')
  .refine(isStorable, NOT_STORABLE);

export const pageQueryShape = {
  limit: z.coerce.number().int().min(1).max(200).default(50),
  /** `nextCursor` of the page before. */
  cursor: z.string().max(200).optional(),
};

export const pageQuery = z.strictObject(pageQueryShape);

export function page<Item extends z.ZodType>(item: Item) {
  return z.object({ items: z.array(item), nextCursor: z.string().nullable() });
}

/** RFC 9457 problem details. */
export const problem = z.object({
  type: z.string(),
  title: z.string(),
  status: z.number().int(),
  code: z.string(),
  detail: z.string(),
  requestId: z.string(),
  issues: z
    .array(
      z.object({
        path: z.string(),
        message: z.string(),
        /** What is wrong, in a word: `required`, `too_short`, `too_long`, `not_a_number`, `wrong_format`, ...; new ones may come. */
        code: z.string().optional(),
        /** The least or the most that is taken. */
        bound: z.number().optional(),
      }),
    )
    .optional(),
});
export type Problem = z.infer<typeof problem>;
