import { isOld, loadParts } from './router-load.js';

const told = {
  cpuLoad: 7,
  memoryFree: '805306368',
  memoryTotal: '1073741824',
  diskFree: '95420416',
  diskTotal: '134217728',
};

describe('the load of a router', () => {
  test('is what is used of the whole, in percent', () => {
    expect(loadParts(told)).toEqual([
      { key: 'cpu', percent: 7, used: null, total: null },
      { key: 'memory', percent: 25, used: 268_435_456n, total: 1_073_741_824n },
      { key: 'disk', percent: 28, used: 38_797_312n, total: 134_217_728n },
    ]);
  });

  test('leaves out what the router does not say, and never divides by nothing', () => {
    expect(loadParts({ ...told, cpuLoad: null, diskFree: null })).toMatchObject([{ key: 'memory' }]);
    expect(loadParts({ ...told, cpuLoad: null, memoryTotal: '0', diskTotal: '0' })).toEqual([]);
  });

  test('is never below nothing used, whatever the router says is free', () => {
    expect(loadParts({ ...told, memoryFree: '2147483648' })[1]).toMatchObject({ percent: 0, used: 0n });
  });

  test('is old when the router was not read for more than two minutes', () => {
    const now = Date.parse('2026-11-23T09:02:00Z');
    expect(isOld('2026-11-23T09:00:00Z', now)).toBe(false);
    expect(isOld('2026-11-23T08:59:59Z', now)).toBe(true);
  });
});
