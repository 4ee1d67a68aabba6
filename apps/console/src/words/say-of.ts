import type { Words } from './define-words.js';
import type { Say } from './say.js';

/** What `useWords` gives for these words: for functions that are handed it. */
export type SayOf<Given> = Given extends Words<infer Key> ? Say<Key> : never;
