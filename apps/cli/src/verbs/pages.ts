interface Page<Item> {
  readonly items: readonly Item[];
  readonly nextCursor: string | null;
}

const LARGEST_PAGE = 200;

/** The first `wanted` things of a list, over as many pages as that takes; `more` says that there are further ones. */
export async function readPages<Item>(
  wanted: number,
  read: (query: { limit: number; cursor?: string }) => Promise<Page<Item>>,
): Promise<{ items: Item[]; more: boolean }> {
  const items: Item[] = [];
  let cursor: string | null | undefined;
  do {
    const limit = Math.min(LARGEST_PAGE, wanted - items.length);
    const page: Page<Item> = await read({ limit, ...(cursor === undefined || cursor === null ? {} : { cursor }) });
    items.push(...page.items);
    cursor = page.nextCursor;
  } while (cursor !== null && items.length < wanted);
  return { items, more: cursor !== null };
}
