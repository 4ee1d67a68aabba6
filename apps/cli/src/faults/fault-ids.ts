const ID = '[A-Z]\\d{1,2}';
/** Ids a name begins with: `R6: ...`, `R6, R14: ...`, `R6 R14: ...`. */
const LEADING = new RegExp(`^(${ID}(?:(?:, | and | )${ID})*):`);
const EACH = new RegExp(ID, 'g');

/** Ids of the faults that a test or a measured figure is about; none for any other name. */
export function faultIdsOf(name: string): string[] {
  return LEADING.exec(name)?.[1]?.match(EACH) ?? [];
}
