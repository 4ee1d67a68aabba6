import type { PageRoute } from './page-route.js';

/** Every page of the console. */
export const pages: readonly PageRoute[] = [];
