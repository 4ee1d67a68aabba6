import { derivedKey } from './derived-key.js';

const KEY = '00112233445566778899aabbccddeeff'.repeat(2);
const hexOf = (purpose: string) => derivedKey(KEY, purpose).export().toString('hex');

describe('derived keys', () => {
  test('are the same for the same purpose and others for another, and never the key itself', () => {
    expect(hexOf('turnpike portal')).toBe(hexOf('turnpike portal'));
    expect(new Set([hexOf('turnpike portal'), hexOf('turnpike voucher codes'), KEY]).size).toBe(3);
  });

  test('stay what they are: vouchers that were printed are hashed under them', () => {
    expect(hexOf('turnpike voucher codes')).toBe('08a1c717185dc645802ea20700586c517e7fe41eb2abc8f994179737f8beccc8');
  });
});
