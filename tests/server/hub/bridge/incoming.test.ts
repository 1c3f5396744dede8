import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readChannelMessage, SenderLimit, type SenderVerdict } from '@/server/hub/bridge/incoming';
import { HUB_LIMITS } from '@/server/hub/hubLimits';
import { anyText } from '@/tests/support/anyText';

const encoded = (text: string, from = 'aabbccdd') => {
  const message = readChannelMessage(text, from);
  return message.ok && message.kind !== 'ClientHello' ? JSON.parse(message.encode().toString()) : message;
};

describe('readChannelMessage', () => {
  it('H-30 from is overwritten, whatever the sender says', () => {
    const text = JSON.stringify({
      colibriClass: 'EndpointMessage',
      from: 'ffffffff',
      to: '',
      msgPayload: { a: 1 },
      extra: 1,
    });
    expect(encoded(text)).toEqual({ colibriClass: 'EndpointMessage', from: 'aabbccdd', to: '', msgPayload: { a: 1 } });
    const stats = JSON.stringify({ colibriClass: 'EndpointStats', from: 'ffffffff', bitrate: 1 });
    expect(encoded(stats)).toEqual({ colibriClass: 'EndpointStats', from: 'aabbccdd', bitrate: 1 });
  });

  it('H-31 a missing to addresses every other endpoint', () => {
    expect(readChannelMessage('{"colibriClass":"EndpointMessage","msgPayload":1}', 'x')).toMatchObject({
      ok: true,
      to: '',
    });
  });

  it.each([
    ['no JSON', 'hello', 'malformed'],
    ['an array', '[]', 'malformed'],
    ['null', 'null', 'malformed'],
    ['no class', '{}', 'malformed'],
    ['a class that is no text', '{"colibriClass":1}', 'malformed'],
    ['no payload', '{"colibriClass":"EndpointMessage","to":""}', 'malformed'],
    ['a receiver that is no text', '{"colibriClass":"EndpointMessage","to":{},"msgPayload":1}', 'malformed'],
    ['another class', '{"colibriClass":"LastNChangedEvent","lastN":1}', 'unknownClass'],
    ['a class every object has', '{"colibriClass":"constructor"}', 'unknownClass'],
  ])('H-32 a channel message is dropped for: %s', (_name, text, reason) => {
    expect(readChannelMessage(text, 'x')).toEqual({ ok: false, reason });
  });

  it('H-30 H-40 no channel message throws, and whatever is relayed is from its sender', () => {
    const like = fc.record(
      {
        colibriClass: fc.constantFrom('EndpointMessage', 'EndpointStats', 'x', 1),
        from: fc.anything(),
        to: fc.oneof(fc.string(), fc.anything()),
        msgPayload: fc.jsonValue(),
        __proto__: fc.anything(),
      },
      { requiredKeys: [] },
    );
    const text = fc.oneof(
      anyText(),
      like.map((value) => fc.stringify(value)),
      like.map((value) => JSON.stringify(value, (_key, inner) => (typeof inner === 'bigint' ? null : inner)) ?? ''),
    );
    fc.assert(
      fc.property(text, (input) => {
        const out = encoded(input);
        if (out.ok === undefined) expect(out.from).toBe('aabbccdd');
      }),
    );
    expect(encoded(`${'['.repeat(2_000)}`)).toEqual({ ok: false, reason: 'malformed' });
    expect(
      encoded(`{"colibriClass":"EndpointMessage","msgPayload":${'['.repeat(1_900)}${']'.repeat(1_900)}}`).from,
    ).toBe('aabbccdd');
  });
});

describe('SenderLimit', () => {
  const flood = (perSecond: number, sizeBytes: number, seconds: number): SenderVerdict[] => {
    const limit = new SenderLimit(HUB_LIMITS, 0);
    return Array.from({ length: perSecond * seconds }, (_, i) => limit.judge(sizeBytes, (i / perSecond) * 1000));
  };

  it('H-35 one message per frame at 30 fps always passes', () => {
    expect(flood(30, 1_000, 120).every((verdict) => verdict === 'pass')).toBe(true);
  });

  it('H-35 messages held back by a stall may arrive at once', () => {
    const limit = new SenderLimit(HUB_LIMITS, 0);
    expect(Array.from({ length: 60 }, () => limit.judge(500, 0)).every((verdict) => verdict === 'pass')).toBe(true);
  });

  it.each([
    ['messages', 200, 10],
    ['bytes', 20, 4_000],
  ])(
    'H-35 messages over the rate of %s are dropped, and 5 s of them cut the sender off',
    (_name, perSecond, sizeBytes) => {
      const verdicts = flood(perSecond, sizeBytes, 9);
      const firstDrop = verdicts.indexOf('drop');
      const abuse = verdicts.indexOf('abuse');
      expect(firstDrop).toBeGreaterThan(0);
      expect((abuse - firstDrop) / perSecond).toBeGreaterThanOrEqual(5);
      expect((abuse - firstDrop) / perSecond).toBeLessThan(5.5);
    },
  );

  it('H-35 bouts over the rate that end are forgiven', () => {
    const limit = new SenderLimit(HUB_LIMITS, 0);
    const verdicts = new Set<SenderVerdict>();
    for (let bout = 0; bout < 10; bout += 1) {
      for (let i = 0; i < 120; i += 1) verdicts.add(limit.judge(10, bout * 6_000));
    }
    expect([...verdicts].sort()).toEqual(['drop', 'pass']);
  });
});
