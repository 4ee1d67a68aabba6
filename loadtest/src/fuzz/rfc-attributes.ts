/** How a value is made: which sizes the RFC gives it. */
export type ValueKind =
  | 'text'
  | 'integer'
  | 'address'
  | 'user-password'
  | 'chap-password'
  | 'chap-challenge'
  | 'vendor'
  | 'bytes-8'
  | 'bytes-14'
  | 'bytes-16'
  | 'bytes-32'
  | 'tunnel-password'
  | 'ipv6-prefix';

/** Least and most bytes of a value (the attribute's Length less 2). */
export const SIZES: Readonly<Record<ValueKind, readonly [least: number, most: number]>> = {
  text: [1, 253],
  integer: [4, 4],
  address: [4, 4],
  'user-password': [16, 128],
  'chap-password': [17, 17],
  'chap-challenge': [5, 253],
  vendor: [5, 253],
  'bytes-8': [8, 8],
  'bytes-14': [14, 14],
  'bytes-16': [16, 16],
  'bytes-32': [32, 32],
  'tunnel-password': [3, 253],
  'ipv6-prefix': [2, 18],
};

/**
 * `counts` has a letter for each of Access-Request, -Accept, -Reject, -Challenge, Accounting-Request, CoA-Request and
 * Disconnect-Request: `0` must not be there, `?` at most one, `*` any number, `1` exactly one. An eighth stands for the
 * replies to the last two.
 */
export type RfcAttribute = readonly [type: number, kind: ValueKind, counts: string];

/**
 * The attribute tables of the RFCs, written down a second time on purpose: what judges the codec must not share its
 * tables. RFC 2865 5.44, RFC 2866 5.13, RFC 2868 4, RFC 2869 5.19, RFC 3162 3, RFC 3579 3.3, RFC 4372 3, RFC 4818 4,
 * RFC 5176 3.6.
 */
export const RFC_ATTRIBUTES: readonly RfcAttribute[] = [
  [1, 'text', '??00???'],
  [2, 'user-password', '?000000'],
  [3, 'chap-password', '?000000'],
  [4, 'address', '?000???'],
  [5, 'integer', '?000???'],
  [6, 'integer', '??00???'],
  [7, 'integer', '??00??0'],
  [8, 'address', '??00???'],
  [9, 'address', '??00??0'],
  [10, 'integer', '0?00??0'],
  [11, 'text', '0*00**0'],
  [12, 'integer', '??00??0'],
  [13, 'integer', '**00**0'],
  [14, 'address', '**00**0'],
  [15, 'integer', '0?00??0'],
  [16, 'integer', '0?00??0'],
  [18, 'text', '0***0**'],
  [19, 'text', '??00??0'],
  [20, 'text', '0?00??0'],
  [22, 'text', '0*00**0'],
  [23, 'integer', '0?00??0'],
  [24, 'text', '??0?0?0'],
  [25, 'text', '0*00***'],
  [26, 'vendor', '**0****'],
  [27, 'integer', '0?0???0'],
  [28, 'integer', '0?0???0'],
  [29, 'integer', '0?00??0'],
  [30, 'text', '?000???'],
  [31, 'text', '?000???'],
  [32, 'text', '?000???'],
  [33, 'text', '*******'],
  [34, 'text', '??00??0'],
  [35, 'text', '??00??0'],
  [36, 'bytes-32', '??00??0'],
  [37, 'integer', '0?00??0'],
  [38, 'integer', '0*00?*0'],
  [39, 'text', '0?00??0'],
  [40, 'integer', '0000100'],
  [41, 'integer', '0000?00'],
  [42, 'integer', '0000?00'],
  [43, 'integer', '0000?00'],
  [44, 'text', '?0001??'],
  [45, 'integer', '0000?00'],
  [46, 'integer', '0000?00'],
  [47, 'integer', '0000?00'],
  [48, 'integer', '0000?00'],
  [49, 'integer', '0000?0?'],
  [50, 'text', '0000*??'],
  [51, 'integer', '0000*00'],
  [52, 'integer', '0000?00'],
  [53, 'integer', '0000?00'],
  [55, 'integer', '0000???'],
  [60, 'chap-challenge', '?000000'],
  [61, 'integer', '?000???'],
  [62, 'integer', '??00??0'],
  [63, 'text', '??00??0'],
  [64, 'integer', '**00**0'],
  [65, 'integer', '**00**0'],
  [66, 'text', '**00**0'],
  [67, 'text', '**00**0'],
  [69, 'tunnel-password', '0*00**0'],
  [70, 'bytes-16', '?000000'],
  [71, 'bytes-14', '0?0?0?0'],
  [72, 'integer', '0?000?0'],
  [73, 'integer', '?00?000'],
  [74, 'text', '*00*000'],
  [75, 'integer', '00?0000'],
  [76, 'integer', '000?000'],
  [77, 'text', '?000*00'],
  [78, 'text', '0*000*0'],
  [79, 'text', '****0*0'],
  [80, 'bytes-16', '???????'],
  [81, 'text', '**00**0'],
  [82, 'text', '0*00**0'],
  [83, 'integer', '**00**0'],
  [84, 'bytes-8', '0?00000'],
  [85, 'integer', '0?000?0'],
  [86, 'integer', '0000?00'],
  [87, 'text', '?000???'],
  [88, 'text', '0?000?0'],
  [89, 'text', '??00???'],
  [90, 'text', '**00**0'],
  [91, 'text', '**00**0'],
  [95, 'bytes-16', '?000???'],
  [96, 'bytes-8', '??00???'],
  [97, 'ipv6-prefix', '**00***'],
  [98, 'bytes-16', '**00**0'],
  [99, 'text', '0*00**0'],
  [100, 'text', '0?00??0'],
  [101, 'integer', '0000000*'],
  [123, 'ipv6-prefix', '**00**0'],
];

/** Place of a code's letter in `counts`; undefined for codes whose contents no table limits. */
export function columnOf(code: number): number | undefined {
  const column = [1, 2, 3, 11, 4, 43, 40].indexOf(code);
  return column === -1 ? undefined : column;
}

/** By attribute number; undefined where no RFC we speak of defines it. */
export function rfcAttributesByType(): readonly (RfcAttribute | undefined)[] {
  const byType: (RfcAttribute | undefined)[] = Array.from({ length: 256 }, () => undefined);
  for (const attribute of RFC_ATTRIBUTES) byType[attribute[0]] = attribute;
  return byType;
}

/** Vendors whose sub-attributes the packets carry; 9 (Cisco) and 0x00fffffe stand for vendors nobody here knows. */
export const VENDORS = { microsoft: 311, wispr: 14122, mikrotik: 14988, cisco: 9, unknown: 0x00ff_fffe } as const;
