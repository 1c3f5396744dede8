import { describe, expect, it } from 'vitest';
import { TrackClock } from '@/lib/recording/trackClock';

describe('the clock of a track', () => {
  it('R-22: a stamp maps by the quickest packet of the last ten seconds', () => {
    const clock = new TrackClock('voice');
    expect(clock.recordingMsOf(0)).toBeNaN();
    clock.note(48_000, 140);
    clock.note(48_960, 130);
    clock.note(49_920, 190);
    expect(clock.recordingMsOf(49_920)).toBe(150);
    expect(clock.recordingMsOf(48_000)).toBe(110);
    // The quick packet is forgotten, and the clocks have drifted by 5 ms.
    for (let k = 1; k <= 600; k += 1) clock.note(49_920 + 960 * k, 175 + 20 * k);
    expect(clock.recordingMsOf(49_920 + 960 * 600)).toBe(175 + 12_000);
  });

  it('R-22: stamps run on over the turn of their 32 bits', () => {
    const clock = new TrackClock('screen');
    clock.note(2 ** 32 - 90 * 10, 1000);
    clock.note(90 * 10, 1020);
    expect(clock.recordingMsOf(90 * 30)).toBe(1040);
    expect(clock.recordingMsOf(2 ** 32 - 90 * 20)).toBe(990);
  });

  it.each([
    ['far ahead', 48 * 6000],
    ['far behind', 2 ** 32 - 48 * 3000],
  ])('R-22: a stamp %s begins a new mapping', (_, jump) => {
    const clock = new TrackClock('voice');
    for (let k = 0; k < 50; k += 1) clock.note(48 * 20 * k, 30 + 20 * k);
    const stamp = (48 * 1000 + jump) % 2 ** 32;
    clock.note(stamp, 1030);
    expect(clock.recordingMsOf(stamp)).toBe(1030);
    clock.note((stamp + 960) % 2 ** 32, 1045);
    expect(clock.recordingMsOf(stamp)).toBe(1025);
  });

  it('R-22: a microphone whose clock stood still while it was off is not placed in the past', () => {
    const clock = new TrackClock('voice');
    for (let k = 0; k < 50; k += 1) clock.note(960 * k, 30 + 20 * k);
    clock.note(960 * 50, 60_030);
    expect(clock.recordingMsOf(960 * 50)).toBe(60_030);
  });

  it('R-22: a packet that is a second late does not move the mapping', () => {
    const clock = new TrackClock('pose');
    clock.note(5000, 100);
    clock.note(5033, 1133);
    expect(clock.recordingMsOf(5033)).toBe(133);
  });
});
