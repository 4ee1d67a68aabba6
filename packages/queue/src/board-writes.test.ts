import { retryOnBoard } from './board-writes.js';

describe('the writes of the queue board', () => {
  test.each([
    ['/api/queues/payments/job-1/retry', { queue: 'payments', jobId: 'job-1' }],
    ['/api/queues/payments/retry/failed', { queue: 'payments', jobId: undefined }],
  ])('PUT %s tries again', (path, expected) => {
    expect(retryOnBoard('PUT', path)).toEqual(expected);
  });

  test.each([
    ['PUT', '/api/queues/payments/retry/completed'],
    ['PUT', '/api/queues/payments/job-1/clean'],
    ['PUT', '/api/queues/payments/job-1/promote'],
    ['PUT', '/api/queues/payments/clean/failed'],
    ['PUT', '/api/queues/payments/obliterate'],
    ['PUT', '/api/queues/payments/empty'],
    ['PUT', '/api/queues/payments/pause'],
    ['PUT', '/api/queues/pause'],
    ['POST', '/api/queues/payments/add'],
    ['PATCH', '/api/queues/payments/job-1/update-data'],
    ['PUT', '/api/queues/payments/job-schedulers/housekeeping/remove'],
    ['POST', '/api/queues/payments/job-1/retry'],
    ['PUT', '/api/queues/a/b/c/retry'],
  ])('%s %s is none of them', (method, path) => {
    expect(retryOnBoard(method, path)).toBeUndefined();
  });
});
