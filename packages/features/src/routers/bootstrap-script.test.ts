import { bootstrapScript } from './bootstrap-script.js';

const values = {
  routerId: '0190b5c1-0000-7000-8000-000000000000',
  apiUsername: 'turnpike',
  apiPassword: 'abcdefgh23456789',
  callHomeUrl: 'https://turnpike.example.net/api/v1/bootstrap/t0ken',
};

describe('bootstrapScript', () => {
  test('makes a user that may not create users, and offers the API over TLS only', () => {
    const script = bootstrapScript(values);
    const policy = /policy=(\S+?)}/.exec(script)?.[1]?.split(',');
    expect(policy).toEqual(expect.arrayContaining(['api', 'read', 'write', 'ftp']));
    expect(policy).not.toEqual(expect.arrayContaining(['policy']));
    expect(script).toContain('api-ssl dynamic=no] disabled=no certificate=tp-api');
    expect(script).toContain(`password=${values.apiPassword}`);
  });

  test('calls home only while the router has no address', () => {
    expect(bootstrapScript(values)).toContain(values.callHomeUrl);
    expect(bootstrapScript({ ...values, callHomeUrl: null })).not.toContain('/tool fetch');
  });
});

test('a user who was on the router before keeps group and password', () => {
  const script = bootstrapScript({ ...values, apiUsername: 'admin' });
  expect(script).toContain('/user set [find name=admin group=tp-api] password=');
  expect(script).not.toMatch(/\/user set \[find name=admin\]/);
});
