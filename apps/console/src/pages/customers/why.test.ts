import { accessOutcomes, type AccessAnswer } from '@turnpike/contracts/access.js';
import type { CustomerView, EntitlementView } from '@turnpike/contracts/customers.js';
import type { CustomerDeviceView } from '@turnpike/contracts/devices.js';
import { plainTerms } from '../../kit/sold-terms-rig.js';
import { whyAct, whyAdvice, type WhyFacts } from './why.js';
import { whyWords } from './why-words.js';

const customerId = '019ab0c4-53aa-7d60-8c4e-000000000001';
const routerId = '019ab0c4-53aa-7d60-8c4e-000000000002';
const mac = 'AA:BB:CC:00:00:01';

const customer: CustomerView = {
  id: customerId,
  username: 'amina',
  msisdn: null,
  email: null,
  language: 'en',
  notices: true,
  status: 'active',
  devicesOnly: false,
  createdAt: '2026-11-23T00:00:00Z',
  erasedAt: null,
};

function answer(verdict: AccessAnswer['verdict'], device: string | null = mac): AccessAnswer {
  return {
    customerId,
    username: 'amina',
    verdict,
    message: '',
    remedy: 'Do it.',
    lastDecisions: [
      {
        at: '2026-11-23T00:00:00Z',
        outcome: verdict,
        method: 'pap',
        router: { id: routerId, name: 'gate-1' },
        device,
        message: '',
      },
    ],
    devicesOnline: [],
    openSessions: [],
  };
}

function device(id: string, address: string, blocked: boolean): CustomerDeviceView {
  return { id, mac: address, name: '', blocked, createdAt: '2026-11-23T00:00:00Z', lastSeenAt: null };
}

function facts(verdict: AccessAnswer['verdict'], more: Partial<WhyFacts> = {}): WhyFacts {
  return { answer: answer(verdict), customer, entitlements: [], devices: [], ...more };
}

function entitlement(state: EntitlementView['state'], id: string): EntitlementView {
  return {
    id,
    customerId,
    packageId: routerId,
    packageName: 'Day',
    state,
    startsAt: '2026-11-23T00:00:00Z',
    endsAt: '2026-11-24T00:00:00Z',
    validFrom: 'purchase',
    validForSeconds: null,
    usedOctets: '0',
    usedSeconds: '0',
    suspendedAt: null,
    ...plainTerms,
  };
}

describe('what helps somebody who cannot get online', () => {
  test('resumes the customer where the customer is suspended, else the package that is', () => {
    expect(whyAct(facts('suspended', { customer: { ...customer, status: 'suspended' } }))).toEqual({
      kind: 'resume_customer',
    });
    const entitlements = [entitlement('active', 'a'), entitlement('suspended', 'b')];
    expect(whyAct(facts('suspended', { entitlements }))).toEqual({ kind: 'resume_entitlement', entitlementId: 'b' });
  });

  test.each(['no_entitlement', 'expired', 'exhausted', 'wrong_site'] as const)(
    'sells a package after %s',
    (verdict) => {
      expect(whyAct(facts(verdict))).toEqual({ kind: 'sell' });
    },
  );

  test('unblocks the device that tried, in whatever spelling the router gave it', () => {
    const devices = [device('1', 'AA:BB:CC:00:00:09', true), device('2', mac, true)];
    const asked = facts('device_blocked', { devices, answer: answer('device_blocked', 'aa-bb-cc-00-00-01') });
    expect(whyAct(asked)).toEqual({ kind: 'unblock', deviceId: '2' });
  });

  test('unblocks none of several when it is not known which one tried', () => {
    const devices = [device('1', 'AA:BB:CC:00:00:09', true), device('2', mac, true)];
    expect(whyAct(facts('device_blocked', { devices, answer: answer('device_blocked', null) }))).toBeUndefined();
  });

  test('adds the device that tried, unless what it is called is no MAC address', () => {
    expect(whyAct(facts('device_not_allowed'))).toEqual({ kind: 'add_device', mac });
    expect(whyAct(facts('device_not_allowed', { answer: answer('device_not_allowed', 'pppoe-7') }))).toBeUndefined();
  });

  test('leads to the router whose way of logging in is not understood', () => {
    expect(whyAct(facts('unsupported_method'))).toEqual({ kind: 'router', routerId });
  });

  test('has a headline in both languages for every outcome, and advice for every refusal', () => {
    for (const outcome of accessOutcomes) {
      expect(whyWords.texts.en[outcome]).not.toBe('');
      expect(whyWords.texts.sw[outcome]).not.toBe('');
      const advice = whyAdvice(answer(outcome));
      expect(advice).toBeDefined();
      expect(whyWords.texts.sw[advice ?? 'again']).not.toBe(whyWords.texts.en[advice ?? 'again']);
    }
  });

  test('advises nothing when nothing is in the way', () => {
    expect(whyAdvice({ ...answer('accept'), remedy: null })).toBeUndefined();
    expect(whyAdvice({ ...answer('accept'), lastDecisions: [] })).toBe('do_accept_silent');
  });
});
