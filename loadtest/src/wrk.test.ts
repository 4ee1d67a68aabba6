import { parseWrk } from './wrk.js';

const GOOD = `Running 15s test @ http://127.0.0.1:8080/api/v1/packages
  1 threads and 64 connections
  Thread Stats   Avg      Stdev     Max   +/- Stdev
    Latency     3.93ms    1.77ms  58.11ms   92.33%
    Req/Sec    16.61k     1.52k   18.92k    80.67%
  Latency Distribution
     50%  950.00us
     75%    4.10ms
     90%    5.02ms
     99%    1.10s 
  248070 requests in 15.02s, 8.94GB read
Requests/sec:  16519.71
Transfer/sec:    609.77MB
`;

test('reads rates and percentiles in whatever unit wrk chose', () => {
  const run = parseWrk(GOOD);
  expect(run?.p50Ms).toBeCloseTo(0.95);
  expect(run).toMatchObject({
    requests: 248_070,
    seconds: 15.02,
    perSecond: 16_519.71,
    p99Ms: 1_100,
    non2xx: 0,
    socketErrors: 0,
  });
});

test('counts what was refused and what broke', () => {
  const errors =
    '  Socket errors: connect 1, read 2, write 3, timeout 21\n  Non-2xx or 3xx responses: 17\nRequests/sec:';
  expect(parseWrk(GOOD.replace('Requests/sec:', errors))).toMatchObject({ non2xx: 17, socketErrors: 27 });
});

test('takes nothing else for a result', () => {
  expect(parseWrk('unable to connect to 127.0.0.1:1 Connection refused\n')).toBeUndefined();
});
