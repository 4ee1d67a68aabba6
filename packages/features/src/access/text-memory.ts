/** Texts that this process saw last, by their keys. */
export interface TextMemory {
  get(key: string): string | undefined;
  put(key: string, text: string): void;
  forget(key: string): void;
  /** Texts held, at most twice what was asked for. */
  size(): number;
}

/**
 * Keeps at least the `most` keys last used. Two generations: what is used in time moves from the old to the young one, and the
 * old one is dropped whole when the young one is full; a Map with every use moved to its end would fill with holes.
 */
export function createTextMemory(most: number): TextMemory {
  let young = new Map<string, string>();
  let old = new Map<string, string>();

  function put(key: string, text: string): void {
    if (most < 1) return;
    young.set(key, text);
    if (young.size < most) return;
    old = young;
    young = new Map();
  }

  return {
    get(key) {
      const text = young.get(key);
      if (text !== undefined) return text;
      const kept = old.get(key);
      if (kept !== undefined) put(key, kept);
      return kept;
    },
    put,
    forget(key) {
      young.delete(key);
      old.delete(key);
    },
    size: () => young.size + old.size,
  };
}
