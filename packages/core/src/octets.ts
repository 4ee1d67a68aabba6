const GIGAWORD = 4_294_967_296n;

/** Acct-*-Octets and Acct-*-Gigawords (RFC 2869 5.1, 5.2) as one 64-bit count of bytes. */
export function fromGigawords(octets: number, gigawords: number): bigint {
  return BigInt(gigawords) * GIGAWORD + BigInt(octets);
}

/** The two 32-bit halves of a 64-bit count, as RADIUS carries them. */
export function toGigawords(total: bigint): { octets: number; gigawords: number } {
  return { octets: Number(total % GIGAWORD), gigawords: Number((total / GIGAWORD) % GIGAWORD) };
}
