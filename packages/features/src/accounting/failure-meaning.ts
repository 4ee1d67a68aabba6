import { isDataFault, isServerFault, isUnavailable } from '@turnpike/db/database-errors.js';

/**
 * What a failed batch means: `store-away`: nothing can be merged now, the records are not to blame; `for-good`: a record is
 * such that no further try can succeed; `may-pass`: one of the records may be to blame, and may succeed later.
 */
export type FailureMeaning = 'store-away' | 'for-good' | 'may-pass';

export function meaningOf(error: unknown): FailureMeaning {
  if (isDataFault(error) || error instanceof SyntaxError || error instanceof RangeError) return 'for-good';
  return isUnavailable(error) || isServerFault(error) ? 'store-away' : 'may-pass';
}
