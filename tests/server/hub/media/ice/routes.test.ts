import { describe, expect, it } from 'vitest';
import type { Carrier } from '@/server/hub/media/ice/carrier';
import { Routes } from '@/server/hub/media/ice/routes';

const carrier = (): Carrier => ({ isIPv6: false, isLastResort: false, send: () => true, close: () => {} });
const HOME = { address: '192.0.2.1', port: 5_000 };

describe('routes', () => {
  it('H-77 datagrams find the connection that has claimed their address, on the socket where it did', () => {
    const routes = new Routes<string>();
    const [udp, other] = [carrier(), carrier()];
    routes.claim('ann', udp, HOME, false);
    routes.claim('ben', udp, { ...HOME, port: 5_001 }, false);
    routes.claim('cid', udp, { address: '192.0.2.2', port: 5_000 }, false);
    expect(routes.find(udp, HOME)).toBe('ann');
    expect(routes.find(udp, { ...HOME, port: 5_001 })).toBe('ben');
    expect(routes.find(udp, { address: '192.0.2.2', port: 5_000 })).toBe('cid');
    expect(routes.find(other, HOME)).toBeNull();
    expect(routes.find(udp, { address: '192.0.2.3', port: 5_000 })).toBeNull();
  });

  it('H-77 an address changes hands only if the client has answered from there', () => {
    const routes = new Routes<string>();
    const udp = carrier();
    routes.claim('ann', udp, HOME, false);
    routes.claim('eve', udp, HOME, false);
    expect(routes.find(udp, HOME)).toBe('ann');
    routes.claim('ben', udp, HOME, true);
    expect(routes.find(udp, HOME)).toBe('ben');
    routes.release('ann', udp, HOME);
    expect(routes.find(udp, HOME)).toBe('ben');
  });

  it('H-77 the addresses of a connection or of a carrier that has ended are free again', () => {
    const routes = new Routes<string>();
    const [udp, tcp] = [carrier(), carrier()];
    routes.claim('ann', udp, HOME, true);
    routes.claim('ann', udp, { ...HOME, port: 5_001 }, true);
    routes.claim('ben', tcp, HOME, true);
    routes.releaseAll('ann');
    expect([routes.find(udp, HOME), routes.find(tcp, HOME)]).toEqual([null, 'ben']);
    routes.releaseVia(tcp);
    expect(routes.find(tcp, HOME)).toBeNull();
  });
});
