const LONGEST = 80;
const COPIES = 100;

/** Names for copies of something, in the order to try them; as long as a name may be. */
export function copyNames(name: string): string[] {
  const base = name.replace(/ \(copy(?: \d+)?\)$/, '');
  return Array.from({ length: COPIES }, (_, index) => {
    const mark = index === 0 ? ' (copy)' : ` (copy ${index + 1})`;
    return (
      [...base]
        .slice(0, LONGEST - mark.length)
        .join('')
        .trimEnd() + mark
    );
  });
}
