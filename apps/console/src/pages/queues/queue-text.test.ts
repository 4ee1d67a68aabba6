import { subjectsOf } from './queue-text.js';

describe('what a job is about', () => {
  test('leads to what its ids name, and shows those that have no page', () => {
    expect(subjectsOf({ routerId: 'a', commandId: 'b', services: [1] })).toEqual([
      { text: 'routerId a', to: '/routers/a' },
      { text: 'commandId b', to: undefined },
    ]);
  });
});
