import { layoutOf } from './layout.js';

describe('layoutOf', () => {
  test('keeps PM2 in the data directory while its sockets fit into a Unix socket path', () => {
    expect(layoutOf('/srv/turnpike/.data').pm2Home).toBe('/srv/turnpike/.data/pm2');
  });

  test('gives a deep data directory a short PM2 directory that is always the same and nobody else has', () => {
    const deep = `/srv/${'d'.repeat(100)}/.data`;
    const { pm2Home } = layoutOf(deep);
    expect(`${pm2Home}/interactor.sock`.length).toBeLessThanOrEqual(107);
    expect(layoutOf(deep).pm2Home).toBe(pm2Home);
    expect(layoutOf(`${deep}2`).pm2Home).not.toBe(pm2Home);
  });
});
