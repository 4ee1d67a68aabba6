import type { SessionView } from '@turnpike/contracts/sessions.js';
import { ApiProblem } from '../../api/api-problem.js';
import { giveOrders } from './give-orders.js';

function session(id: string): SessionView {
  return {
    id,
    state: 'open',
    username: id,
    acctSessionId: id,
    router: { id: '019ab0c4-53aa-7d60-8c4e-000000000002', name: 'gate-1' },
    customerId: null,
    framedIpAddress: null,
    callingStationId: null,
    startedAt: '2026-11-23T09:00:00Z',
    lastSeenAt: '2026-11-23T09:00:00Z',
    stoppedAt: null,
    sessionSeconds: 60,
    inputOctets: '0',
    outputOctets: '0',
    terminateCause: null,
    fairUseStep: 0,
    rateLimit: null,
  };
}

const over = new ApiProblem({
  status: 409,
  code: 'conflict',
  detail: 'this session is closed already',
  requestId: 'r',
});

describe('orders to routers', () => {
  test('are given for every session, although one is refused, and say which', async () => {
    const given = await giveOrders(
      [session('a'), session('b'), session('c')],
      { kind: 'disconnect' },
      async ({ id }) => {
        if (id === 'b') throw over;
        return { commandId: `command of ${id}` };
      },
    );
    expect(given.map(({ session: { id }, outcome }) => [id, outcome])).toEqual([
      ['a', { commandId: 'command of a' }],
      ['b', { problem: over }],
      ['c', { commandId: 'command of c' }],
    ]);
  });

  test('are given one after the other, so that a hundred do not arrive at once', async () => {
    let running = 0;
    let most = 0;
    await giveOrders([session('a'), session('b')], { kind: 'rate', downKbps: 1, upKbps: 1 }, async () => {
      running += 1;
      most = Math.max(most, running);
      await Promise.resolve();
      running -= 1;
      return { commandId: 'c' };
    });
    expect(most).toBe(1);
  });

  test('stop at a mistake of our own, which is no answer of the API', async () => {
    const broken = async () => Promise.reject(new TypeError('broken'));
    await expect(giveOrders([session('a')], { kind: 'disconnect' }, broken)).rejects.toThrow('broken');
  });
});
