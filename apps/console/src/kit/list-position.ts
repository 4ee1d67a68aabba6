const HEX = 16;

/**
 * The cursor of the page that begins with the thing of this id, whether or not that is there. Lists go by id, newest first, and
 * a cursor is the id of the last row that was shown (core/page.ts): the id that comes just before this one.
 */
export function cursorBefore(id: string): string {
  const next = (BigInt(`0x${id.replaceAll('-', '')}`) + 1n).toString(HEX).padStart(32, '0');
  return [next.slice(0, 8), next.slice(8, 12), next.slice(12, 16), next.slice(16, 20), next.slice(20)].join('-');
}

/** True for what the API takes as an id: an address may hold anything. */
export function isId(text: string): boolean {
  return /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(text);
}
