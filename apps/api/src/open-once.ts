interface Closable {
  close(): Promise<void>;
}

/** What is opened when it is first asked for, and closed if it was. Opening that failed is tried again at the next question. */
export function openOnce<Thing extends Closable>(make: () => Promise<Thing>) {
  let opened: Promise<Thing> | undefined;
  return {
    open: (): Promise<Thing> => {
      opened ??= make().catch((error: unknown) => {
        opened = undefined;
        throw error;
      });
      return opened;
    },
    close: async (): Promise<void> => {
      await (await opened)?.close();
    },
  };
}
