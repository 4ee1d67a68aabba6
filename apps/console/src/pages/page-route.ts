import type { ComponentType } from 'react';

/** A page and where it is; its code is fetched when it is first opened. */
export interface PageRoute {
  /** Below `/console`, as react-router writes it: `/routers/:id`. */
  readonly path: string;
  readonly load: () => Promise<ComponentType>;
}
