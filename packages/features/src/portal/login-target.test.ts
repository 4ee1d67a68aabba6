import { loginTarget } from './login-target.js';

const rules = { dnsNames: ['wifi.example.net'], allowLoopback: false };

describe('S4: where a phone may send its password', () => {
  test.each([
    'http://10.5.50.1/login',
    'http://192.168.88.1/login',
    'http://172.16.0.1:8080/login',
    'https://wifi.example.net/login',
    'http://100.64.0.1/login?dst=x#y',
  ])('%s: a router in the phone’s own network', (url) => {
    const target = loginTarget(url, rules);
    expect(target?.pathname).toBe('/login');
    expect(target?.search).toBe('');
  });

  test.each([
    'http://evil.example/login',
    'https://wifi.example.net.evil.example/login',
    'http://10.5.50.1.evil.example/login',
    'http://10.5.50.1@evil.example/login',
    'http://user:pw@10.5.50.1/login',
    'http://8.8.8.8/login',
    'http://172.32.0.1/login',
    'http://10.5.50.1/elsewhere',
    'http://[::ffff:10.5.50.1]/login',
    'javascript:alert(1)//10.5.50.1/login',
    'ftp://10.5.50.1/login',
    'http://127.0.0.1/login',
    '//10.5.50.1/login',
    'not a url',
    undefined,
  ])('not %s', (url) => {
    expect(loginTarget(url, rules)).toBeUndefined();
  });

  test('this machine only where simulated routers live on it', () => {
    expect(loginTarget('http://127.0.1.7:8090/login', { ...rules, allowLoopback: true })?.port).toBe('8090');
  });
});
