/** A row in a list that is in order of time, newest first: by `createdAt`, and by id among those of the same moment. */
export interface TimePlace {
  readonly createdAt: Date;
  readonly id: string;
}

/** The order of such a list, for Prisma. */
export const NEWEST_FIRST = [{ createdAt: 'desc' }, { id: 'desc' }] as const;

/** What comes after a row in it, for Prisma: the first half lets an index on the time begin at the right place. */
export function olderThan({ createdAt, id }: TimePlace) {
  return { createdAt: { lte: createdAt }, OR: [{ createdAt: { lt: createdAt } }, { id: { lt: id } }] };
}
