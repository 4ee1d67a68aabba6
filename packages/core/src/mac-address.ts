declare const brand: unique symbol;
/** Six octets written `AA:BB:CC:DD:EE:FF`, the way RouterOS prints them. */
export type MacAddress = string & { readonly [brand]: 'MacAddress' };

/** Accepts the usual spellings (colons, dashes, Cisco dots, bare hex in any case); undefined when it is none of them. */
export function parseMacAddress(text: string): MacAddress | undefined {
  const trimmed = text.trim();
  const spelled =
    /^[0-9a-f]{12}$/i.test(trimmed) ||
    /^([0-9a-f]{2}([:-])[0-9a-f]{2}(\2[0-9a-f]{2}){4})$/i.test(trimmed) ||
    /^[0-9a-f]{4}([.-])[0-9a-f]{4}\1[0-9a-f]{4}$/i.test(trimmed);
  if (!spelled) return undefined;
  const hex = trimmed.replace(/[^0-9a-f]/gi, '').toUpperCase();
  return hex.replace(/(..)(?=.)/g, '$1:') as MacAddress;
}
