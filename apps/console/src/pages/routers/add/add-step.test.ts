import { addressOf, furthestStep, isWithin, stepOf } from './add-step.js';

describe('the step of the wizard', () => {
  test('is the first as long as there is no router, whatever the address says', () => {
    expect(stepOf('deploy', false)).toBe('name');
  });

  test('is the one of the address for a router; an unknown one, or the name it has already, leads to the script', () => {
    expect([stepOf('plan', true), stepOf('nonsense', true), stepOf('name', true)]).toEqual(['plan', 'paste', 'paste']);
  });

  test('goes no further than the router is', () => {
    expect(furthestStep({ status: 'pending', deployment: 'not_started' })).toBe('paste');
    expect(furthestStep({ status: 'online', deployment: 'failed' })).toBe('plan');
    expect(furthestStep({ status: 'offline', deployment: 'active' })).toBe('done');
    expect([isWithin('services', 'plan'), isWithin('done', 'deploy')]).toEqual([true, false]);
  });

  test('has an address of its own', () => {
    expect(addressOf('plan', 'abc')).toBe('/routers/new?router=abc&step=plan');
  });
});
