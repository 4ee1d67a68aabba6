import type { RawAttribute } from './oracle.js';

export interface UnfoldedAttribute extends RawAttribute {
  readonly vendor?: number;
}

/** The attributes with every Vendor-Specific one that is a clean list of type, length, value taken apart. */
export function unfolded(attributes: readonly RawAttribute[]): UnfoldedAttribute[] {
  return attributes.flatMap((attribute): UnfoldedAttribute[] => {
    if (attribute.type !== 26 || attribute.value.length < 5) return [attribute];
    return subAttributes(attribute.value) ?? [attribute];
  });
}

function subAttributes(value: Buffer): UnfoldedAttribute[] | undefined {
  const vendor = value.readUInt32BE(0);
  const found: UnfoldedAttribute[] = [];
  let rest = value.subarray(4);
  while (rest.length > 0) {
    const size = rest[1] ?? 0;
    if (rest.length < 2 || size < 2 || size > rest.length) return undefined;
    found.push({ vendor, type: rest[0] ?? 0, value: rest.subarray(2, size) });
    rest = rest.subarray(size);
  }
  return found;
}
