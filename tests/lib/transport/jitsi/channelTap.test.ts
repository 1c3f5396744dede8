import fc from 'fast-check';
import { beforeEach, describe, expect, it } from 'vitest';
import { ChannelTap } from '@/lib/transport/jitsi/channelTap';
import type { JitsiBridgeChannel, JitsiConference } from '@/lib/transport/jitsi/library';

const OWN_ID = '5e1f0001';

let conference: {
  rtc?: { _channel: JitsiBridgeChannel | null };
  myUserId(): string;
  getParticipantById(id: string): unknown;
};
let tap: ChannelTap;
let echoes: unknown[];
let downlinks: number[];
let closes: number;
let isStale: boolean;
let strays: unknown[];

function open(mode: 'websocket' | 'datachannel'): EventTarget {
  const channel = Object.assign(new EventTarget(), { bufferedAmount: 7 });
  conference.rtc = { _channel: { mode, _channel: channel as unknown as WebSocket } };
  tap.attach();
  return channel;
}

const receive = (channel: EventTarget, data: unknown) => channel.dispatchEvent(new MessageEvent('message', { data }));

const message = (from: string, msgPayload: unknown) =>
  JSON.stringify({ colibriClass: 'EndpointMessage', from, to: OWN_ID, msgPayload });

describe("a tap on the library's bridge channel", () => {
  beforeEach(() => {
    conference = { myUserId: () => OWN_ID, getParticipantById: (id) => (id === 'b0b' ? {} : undefined) };
    isStale = false;
    strays = [];
    echoes = [];
    downlinks = [];
    closes = 0;
    tap = new ChannelTap(conference as unknown as JitsiConference, {
      onEcho: (payload) => echoes.push(payload),
      wantsStrays: () => isStale,
      onStray: (endpointId, payload) => strays.push([endpointId, payload]),
      onDownlink: (downlinkBps) => downlinks.push(downlinkBps),
      onClosed: () => {
        closes += 1;
      },
    });
  });

  it('T-40 a channel tap reports echoes, and no messages of other endpoints', () => {
    const channel = open('websocket');
    receive(channel, message(OWN_ID, { parleyEcho: 1 }));
    receive(channel, message('b0b', { parleyEcho: 1 }));
    receive(channel, message('b0b', { says: OWN_ID }));
    expect(echoes).toEqual([{ parleyEcho: 1 }]);
  });

  it('T-59 a channel tap reports messages of endpoints that the library does not know, while its list is stale', () => {
    const channel = open('datachannel');
    receive(channel, message('c1', { parley: 'AA' }));
    isStale = true;
    receive(channel, message('b0b', { parley: 'AA' }));
    receive(channel, message('c1', { parley: 'AQ' }));
    receive(channel, message(OWN_ID, 1));
    receive(channel, '{"colibriClass":"EndpointMessage","from":7}');
    receive(channel, '{');
    expect([strays, echoes]).toEqual([[['c1', { parley: 'AQ' }]], [1]]);
  });

  it('T-52 a channel tap reports the bridge’s bandwidth estimate, which older builds do not pass on', () => {
    const channel = open('datachannel');
    receive(channel, '{"colibriClass":"ConnectionStats","estimatedDownlinkBandwidth":640000}');
    receive(channel, '{"colibriClass":"ConnectionStats","estimatedDownlinkBandwidth":"much"}');
    receive(channel, message('b0b', { colibriClass: 'ConnectionStats', estimatedDownlinkBandwidth: 1 }));
    expect(downlinks).toEqual([640_000]);
    expect(echoes).toEqual([]);
  });

  it('T-40 no message makes a channel tap throw', () => {
    const channel = open('datachannel');
    const near = fc.oneof(
      fc.string().map((text) => `"${OWN_ID}"${text}`),
      fc.json().map((text) => `{"from":"${OWN_ID}","colibriClass":${text}}`),
      fc.constantFrom(`["${OWN_ID}"]`, `"${OWN_ID}"`, `{"from":"${OWN_ID}"}`),
      fc.anything(),
    );
    fc.assert(
      fc.property(near, (data) => {
        receive(channel, data);
        expect(echoes).toEqual([]);
      }),
    );
  });

  it('T-45 a channel tap reports the end of the latest channel only', () => {
    const first = open('websocket');
    const second = open('websocket');
    first.dispatchEvent(new Event('close'));
    expect(closes).toBe(0);
    second.dispatchEvent(new Event('close'));
    expect(closes).toBe(1);
    tap.detach();
    second.dispatchEvent(new Event('close'));
    expect(closes).toBe(1);
  });

  it('T-45 a WebSocket reopens by itself, a data channel only with another session', () => {
    open('websocket');
    expect(tap.reopens).toBe(true);
    open('datachannel');
    expect(tap.reopens).toBe(false);
    conference.rtc = { _channel: null };
    expect(tap.reopens).toBe(true);
  });

  it('a channel tap does nothing in a build that hides its channel', () => {
    tap.attach();
    expect([tap.reopens, tap.backlogBytes]).toEqual([true, null]);
    open('websocket');
    expect(tap.backlogBytes).toBe(7);
  });
});
