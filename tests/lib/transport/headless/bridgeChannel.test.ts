import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { unwrapPacket, wrapPacket } from '@/lib/transport/bridgeMessage';
import { endpointMessage, packetMessage, readBridgeMessage } from '@/lib/transport/headless/bridgeChannel';

describe('a message of the bridge', () => {
  it('a bridge message tells sender and payload', () => {
    const text = JSON.stringify({ colibriClass: 'EndpointMessage', from: 'ab', to: '', msgPayload: { x: 1 } });
    expect(readBridgeMessage(text)).toEqual({ kind: 'endpointMessage', from: 'ab', payload: { x: 1 } });
    const speaker = { colibriClass: 'DominantSpeakerEndpointChangeEvent', dominantSpeakerEndpoint: 'ab' };
    expect(readBridgeMessage(JSON.stringify(speaker))).toEqual({ kind: 'dominantSpeaker', endpointId: 'ab' });
  });

  it('T-52 a bridge message may carry the estimate of the bandwidth to this client', () => {
    const stats = { colibriClass: 'ConnectionStats', estimatedDownlinkBandwidth: 640_000 };
    expect(readBridgeMessage(JSON.stringify(stats))).toEqual({ kind: 'downlink', downlinkBps: 640_000 });
  });

  it.each([
    ['{'],
    ['null'],
    ['[]'],
    ['7'],
    ['{"colibriClass":"ServerHello"}'],
    ['{"colibriClass":"EndpointMessage","msgPayload":{}}'],
    ['{"colibriClass":"EndpointMessage","from":7}'],
    ['{"colibriClass":"DominantSpeakerEndpointChangeEvent"}'],
    ['{"colibriClass":"ConnectionStats"}'],
    ['{"colibriClass":"ConnectionStats","estimatedDownlinkBandwidth":-1}'],
    ['{"colibriClass":"ConnectionStats","estimatedDownlinkBandwidth":1e300}'],
  ])('a bridge message is ignored if it is: %s', (text) => {
    expect(readBridgeMessage(text)).toBeNull();
  });

  it('no bridge message makes the reader throw', () => {
    const message = fc.record({
      colibriClass: fc.constantFrom('EndpointMessage', 'DominantSpeakerEndpointChangeEvent', 'ConnectionStats', 'x'),
      estimatedDownlinkBandwidth: fc.anything(),
      from: fc.anything(),
      dominantSpeakerEndpoint: fc.anything(),
    });
    const texts = fc.oneof(
      fc.string(),
      fc.json(),
      message.map((value) => JSON.stringify(value, (_, v) => (typeof v === 'bigint' ? 0 : v)) ?? ''),
    );
    fc.assert(
      fc.property(texts, (text) => {
        const read = readBridgeMessage(text);
        if (read?.kind === 'downlink') expect(read.downlinkBps).toBeGreaterThanOrEqual(0);
        else if (read) expect(typeof (read.kind === 'endpointMessage' ? read.from : read.endpointId)).toBe('string');
      }),
    );
  });
});

describe('a message to the bridge', () => {
  it('a packet message carries its packet like wrapPacket', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 1, maxLength: 300 }), fc.nat(300), (bytes, extra) => {
        const buffer = new Uint8Array(bytes.length + extra);
        buffer.set(bytes);
        const { colibriClass, to, msgPayload } = JSON.parse(packetMessage('', buffer, bytes.length));
        expect({ colibriClass, to }).toEqual({ colibriClass: 'EndpointMessage', to: '' });
        const out = new Uint8Array(2048);
        expect(Array.from(out.subarray(0, unwrapPacket(msgPayload, out)))).toEqual(Array.from(bytes));
        expect(msgPayload.parley.replace(/=+$/, '')).toBe(wrapPacket(bytes, bytes.length).parley);
      }),
    );
  });

  it('an endpoint message goes to one endpoint', () => {
    expect(JSON.parse(endpointMessage('ab', { x: 1 }))).toEqual({
      colibriClass: 'EndpointMessage',
      to: 'ab',
      msgPayload: { x: 1 },
    });
  });

  it('T-12 a packet message goes to one endpoint, whatever its id', () => {
    fc.assert(
      fc.property(fc.string(), (to) => {
        expect(JSON.parse(packetMessage(to, Uint8Array.of(1), 1))).toMatchObject({
          to,
          msgPayload: { parley: 'AQ==' },
        });
      }),
    );
  });
});
