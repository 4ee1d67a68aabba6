import { hashToken, randomReadable } from '@turnpike/core/tokens.js';

const HOW_MANY = 10;
/** 79 random bits: SHA-256 without salt is enough for what is stored. */
const LENGTH = 16;

/** Ten codes to print and put away, each four groups of four letters and digits that are not mistaken for one another. */
export function newRecoveryCodes(): string[] {
  return Array.from({ length: HOW_MANY }, () => grouped(randomReadable(LENGTH)));
}

/** What is stored of a code, and compared with what somebody typed: case, spaces and dashes do not matter. */
export function recoveryCodeHash(typed: string): string | undefined {
  const plain = typed.toLowerCase().replaceAll(/[\s-]/g, '');
  return /^[a-z2-9]{16}$/.test(plain) ? hashToken(plain) : undefined;
}

function grouped(code: string): string {
  return code.replaceAll(/(.{4})(?=.)/g, '$1-');
}
