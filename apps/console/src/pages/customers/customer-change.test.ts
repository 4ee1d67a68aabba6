import type { CustomerView } from '@turnpike/contracts/customers.js';
import { customerChange, type CustomerDraft } from './customer-change.js';

const before: CustomerView = {
  id: '019ab0c4-53aa-7d60-8c4e-000000000001',
  username: '2547••••1234',
  msisdn: '2547••••1234',
  email: null,
  language: 'en',
  notices: true,
  status: 'active',
  devicesOnly: false,
  createdAt: '2026-11-23T00:00:00Z',
  erasedAt: null,
};
const untouched: CustomerDraft = {
  username: '2547••••1234',
  msisdn: '2547••••1234',
  email: '',
  password: '',
  language: 'en',
  notices: true,
  devicesOnly: false,
};

describe('a change of a customer', () => {
  test('says nothing of what nobody touched, so that no masked number is stored', () => {
    expect(customerChange(before, untouched)).toEqual({});
    expect(customerChange(before, { ...untouched, notices: false })).toEqual({ notices: false });
  });

  test('takes a number away when its field is emptied, and sets a new one', () => {
    expect(customerChange(before, { ...untouched, msisdn: '' })).toEqual({ msisdn: null });
    expect(customerChange(before, { ...untouched, msisdn: '0712345678', password: 'secret1' })).toEqual({
      msisdn: '0712345678',
      password: 'secret1',
    });
  });
});
