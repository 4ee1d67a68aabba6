import { services } from '@turnpike/contracts/provisioning.js';
import { deployCommand, listCommand, routerCommand } from './router-commands.js';

describe('the same on the command line', () => {
  test('a list with the filters that the command knows, safe for a shell', () => {
    expect(listCommand({ status: 'offline', q: "Joe's gate", version: '7' })).toBe(
      String.raw`router list --status offline --search 'Joe'\''s gate'`,
    );
  });

  test('the runs of a router whose name has spaces', () => {
    expect(routerCommand('logs', 'gate 1', 'abc')).toBe("router logs 'gate 1' --run abc");
  });

  test('a deploy by options where they can say it all', () => {
    const asked = services.parse([
      { type: 'hotspot', interfaces: ['ether3', 'ether4'] },
      { type: 'pppoe', interfaces: ['ether5'] },
    ]);
    expect(deployCommand('gate-1', asked)).toBe(
      'router deploy gate-1 --hotspot ether3,ether4 --gateway 10.5.50.1/23 --pppoe ether5 --pool 10.6.0.0/22',
    );
  });

  test('a deploy by JSON where the options cannot, so that nothing is lost', () => {
    const asked = services.parse([{ type: 'hotspot', interfaces: ['ether3'], clientIsolation: false }]);
    const command = deployCommand('gate-1', asked);
    const [, json = ''] = command.split(/<<'SERVICES'\n|\nSERVICES/);
    expect(JSON.parse(json)).toEqual(asked);
  });
});
