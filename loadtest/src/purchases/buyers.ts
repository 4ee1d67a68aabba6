import { macOf } from '../radius/customers.js';

export interface Buyer {
  readonly number: number;
  /** E.164 digits. */
  readonly msisdn: string;
  readonly mac: string;
  /** Where this customer's requests come from. */
  readonly address: string;
}

/** Fewer than the service allows one address in ten minutes. */
const BUYERS_PER_ADDRESS = 5;
const PHONES = 100_000_000;

/** Distinct phones, devices and addresses; `first` tells the phones of one run apart from those of another. */
export function makeBuyers(count: number, first: number): Buyer[] {
  return Array.from({ length: count }, (_, number) => {
    const place = Math.floor(number / BUYERS_PER_ADDRESS) + 1;
    return {
      number,
      msisdn: `2547${String((first + number) % PHONES).padStart(8, '0')}`,
      mac: macOf((first + number) % PHONES, 0xb0),
      address: `127.${100 + (place >>> 16)}.${(place >>> 8) & 0xff}.${place & 0xff}`,
    };
  });
}
