import { describe, expect, it } from 'vitest';
import { type DeviceCap, NO_DEVICE_CAP, nextDeviceCap } from '@/lib/quality/deviceCap';
import { HIGHEST_RUNG, LADDER, rungOf } from '@/lib/quality/tiers';

/** The cap after rendering at each of these rates for this many seconds. */
function capAfter(...spans: ReadonlyArray<readonly [fps: number, seconds: number]>): DeviceCap {
  let cap = NO_DEVICE_CAP;
  let nowMs = 0;
  for (const [fps, seconds] of spans) {
    for (const endMs = nowMs + seconds * 1000; nowMs < endMs; nowMs += 500) cap = nextDeviceCap(cap, 1000 / fps, nowMs);
  }
  return cap;
}

describe('the cap of a slow device', () => {
  it.each([
    [60, 30],
    [16, 30],
    [13, 24],
    [11, 20],
    [8, 10],
    [1, 10],
  ])('Q-41 a device that renders %i frames a second sends at most %i', (drawn, sent) => {
    expect(LADDER[capAfter([drawn, 10]).rung]!.fps).toBe(sent);
  });

  it('Q-41 a device is capped after 5 s of slow frames in a row, not for a hiccup', () => {
    expect(capAfter([60, 10], [4, 4], [60, 1], [4, 4]).rung).toBe(HIGHEST_RUNG);
    expect(capAfter([60, 10], [4, 6]).rung).toBe(rungOf('low'));
  });

  it('Q-41 a device is released after 20 s of fast frames in a row', () => {
    expect(capAfter([4, 6], [60, 19]).rung).toBe(rungOf('low'));
    expect(capAfter([4, 6], [60, 21]).rung).toBe(HIGHEST_RUNG);
  });

  it('Q-41 the cap stays for a frame rate between slow and fast', () => {
    const cap = capAfter([9, 6]);
    expect(LADDER[cap.rung]!.fps).toBe(10);
    expect(capAfter([9, 600]).rung).toBe(cap.rung);
    expect(capAfter([9, 6], [12, 600]).rung).toBe(cap.rung);
  });

  it('Q-41 nothing is capped while nothing is rendered', () => {
    const slow = capAfter([4, 6]);
    expect(nextDeviceCap(slow, null, 99_000)).toEqual(NO_DEVICE_CAP);
    expect(nextDeviceCap(slow, 0, 99_000)).toEqual(NO_DEVICE_CAP);
  });
});
