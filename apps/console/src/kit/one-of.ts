/** The text as one of the known words; undefined when it is none of them, as a filter from an old link may be. */
export function oneOf<Word extends string>(words: readonly Word[], text: string): Word | undefined {
  return words.find((word) => word === text);
}
