/** Text for Prisma's `contains`, which hands it to LIKE as it is: `%`, `_` and `\` mean themselves then. */
export function likeText(text: string): string {
  return text.replace(/[\\%_]/g, '\\$&');
}
