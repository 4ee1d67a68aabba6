/** What people call a batch: the random end of its id, on every card. */
export function batchNumber(id: string): string {
  return id.slice(-8).toUpperCase();
}
