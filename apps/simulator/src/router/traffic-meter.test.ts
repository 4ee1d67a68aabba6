import { TrafficMeter, type Flow } from './traffic-meter.js';

const flow = (up: number, down: number, bps = { up: 0, down: 0 }): Flow => ({
  octets: () => ({ up, down }),
  rates: () => bps,
});

describe('what went through the interfaces', () => {
  test('comes in where the client is and goes out of the uplink, and the other way round', () => {
    const meter = new TrafficMeter();
    meter.begin(flow(10, 200, { up: 8, down: 80 }), 'bridge-a');
    meter.begin(flow(1, 20), 'bridge-b');
    expect(meter.of('bridge-a')).toEqual({ rxBytes: 10, txBytes: 200, rxBps: 8, txBps: 80 });
    expect(meter.of('ether1')).toEqual({ rxBytes: 220, txBytes: 11, rxBps: 80, txBps: 8 });
    expect(meter.of('ether5')).toEqual({ rxBytes: 0, txBytes: 0, rxBps: 0, txBps: 0 });
  });

  test('stays counted when a client has gone, until the router restarts', () => {
    const meter = new TrafficMeter();
    const gone = flow(10, 200, { up: 8, down: 80 });
    meter.begin(gone, 'bridge-a');
    meter.end(gone);
    meter.end(gone);
    expect(meter.of('bridge-a')).toEqual({ rxBytes: 10, txBytes: 200, rxBps: 0, txBps: 0 });
    meter.restart();
    expect(meter.of('ether1').rxBytes).toBe(0);
  });
});
