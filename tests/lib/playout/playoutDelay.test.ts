import { describe, expect, it } from 'vitest';
import { JitterWindow, PacketStep, PlayoutDelay } from '@/lib/playout/playoutDelay';
import { seededRandom } from '@/tools/seededRandom';

describe('the jitter window', () => {
  it('the jitter window tells which lateness a share of the packets did not exceed', () => {
    const jitter = new JitterWindow();
    for (let k = 0; k < 200; k += 1) jitter.note(k % 10 === 0 ? 100 : 10, k * 33, false);
    expect(jitter.percentileMs(0.85)).toBe(12);
    expect(jitter.percentileMs(0.95)).toBe(102);
  });

  it('the jitter window tells by how much packets are later than a lateness on average', () => {
    const jitter = new JitterWindow();
    for (let k = 0; k < 200; k += 1) jitter.note(k % 4 === 0 ? 101 : 11, k * 33, false);
    jitter.measure();
    expect(jitter.excessMs(-20)).toBeCloseTo(20 + 0.25 * 101 + 0.75 * 11, 5);
    expect(jitter.excessMs(0)).toBeCloseTo(0.25 * 101 + 0.75 * 11, 5);
    expect(jitter.excessMs(50)).toBeCloseTo(0.25 * 51, 5);
    expect(jitter.excessMs(200)).toBe(0);
  });

  it('the jitter window forgets packets older than ten seconds', () => {
    const jitter = new JitterWindow();
    for (let ms = 0; ms < 5000; ms += 33) jitter.note(200, ms, false);
    for (let ms = 5000; ms < 16_000; ms += 33) jitter.note(1, ms, false);
    expect(jitter.percentileMs(1)).toBe(2);
  });

  it('the jitter window counts only the newest frame of a packet', () => {
    const jitter = new JitterWindow();
    for (let k = 0; k < 100; k += 1) {
      jitter.note(67, k * 100, false);
      jitter.note(33, k * 100, true);
      jitter.note(1, k * 100, true);
    }
    expect(jitter.percentileMs(1)).toBe(2);
  });

  it('the jitter window lowers lateness when the fastest transit has become longer', () => {
    const jitter = new JitterWindow();
    for (let k = 0; k < 100; k += 1) jitter.note(101, k * 33, false);
    for (let k = 0; k < 100; k += 1) jitter.rise(0.5);
    expect(jitter.percentileMs(1)).toBe(52);
    jitter.rise(1000);
    expect(jitter.percentileMs(1)).toBe(2);
  });

  it('the jitter is zero before the first packet and bounded after any', () => {
    const jitter = new JitterWindow();
    expect(jitter.percentileMs(0.9)).toBe(0);
    jitter.measure();
    expect(jitter.excessMs(10)).toBe(0);
    jitter.note(1e9, 0, false);
    expect(jitter.percentileMs(0.9)).toBe(512);
  });
});

describe('the step between packets', () => {
  it('the packet step follows a change of rate after three packets, but no single loss', () => {
    const step = new PacketStep();
    for (let k = 0; k < 5; k += 1) step.note(33);
    step.note(66);
    expect(step.ms).toBe(33);
    for (let k = 0; k < 5; k += 1) step.note(33);
    step.note(100);
    step.note(100);
    expect(step.ms).toBe(33);
    step.note(100);
    expect(step.ms).toBe(100);
  });

  it('the packet step is known after the second packet', () => {
    const step = new PacketStep();
    step.note(100);
    expect(step.ms).toBe(100);
  });
});

interface Line {
  readonly stepMs: number;
  readonly framesPerPacket?: number;
  readonly seconds?: number;
  readonly lateMs: (k: number) => number;
}

/** What the delay is after packets of `framesPerPacket` frames, the newest of each `lateMs` behind the quickest. */
function settle({ stepMs, framesPerPacket = 1, seconds = 20, lateMs }: Line): number {
  const delay = new PlayoutDelay();
  for (let packet = 1; packet * stepMs * framesPerPacket < seconds * 1000; packet += 1) {
    const newestMs = packet * stepMs * framesPerPacket;
    const arrivalMs = newestMs + lateMs(packet);
    for (let k = framesPerPacket - 1; k >= 0; k -= 1) {
      delay.note(arrivalMs - (newestMs - k * stepMs), newestMs - k * stepMs, arrivalMs);
    }
  }
  return delay.delayMs;
}

describe('the playout delay', () => {
  it.each([33, 50, 100])('the delay without jitter is about one step of %i ms', (stepMs) => {
    const delayMs = settle({ stepMs, lateMs: () => 0 });
    expect(delayMs).toBeGreaterThan(stepMs * 0.9);
    expect(delayMs).toBeLessThan(stepMs + 3);
  });

  it('a packet of three frames counts as one step, not as jitter', () => {
    const delayMs = settle({ stepMs: 33, framesPerPacket: 3, lateMs: () => 0 });
    expect(delayMs).toBeGreaterThan(99 * 0.9);
    expect(delayMs).toBeLessThan(99 + 3);
  });

  it('the delay covers jitter', () => {
    const random = seededRandom(5);
    const delayMs = settle({ stepMs: 33, lateMs: () => 80 * random() });
    expect(delayMs).toBeGreaterThan(80);
    expect(delayMs).toBeLessThan(80 + 33);
  });

  it('the delay ignores rare stalls, but not lateness that half of the packets have', () => {
    const calm = settle({ stepMs: 33, lateMs: () => 0 });
    // Every five seconds 12 packets in a row are held back, the first by 396 ms.
    const stalled = settle({ stepMs: 33, lateMs: (k) => (k % 150 < 12 ? (12 - (k % 150)) * 33 : 0) });
    expect(stalled).toBeLessThan(calm + 15);
    expect(settle({ stepMs: 33, lateMs: (k) => (k % 2) * 200 })).toBeGreaterThan(200);
  });

  it('the delay has a bound', () => {
    expect(settle({ stepMs: 33, lateMs: () => 5000 })).toBeLessThanOrEqual(400);
  });

  it('the delay follows a change of the rate within half a second', () => {
    const delay = new PlayoutDelay();
    for (let ms = 0; ms < 3000; ms += 33) delay.note(0, ms, ms);
    expect(delay.delayMs).toBeLessThan(36);
    for (let ms = 3000; ms < 3500; ms += 100) delay.note(0, ms, ms);
    expect(delay.delayMs).toBeGreaterThan(90);
    for (let ms = 3500; ms < 4000; ms += 33) delay.note(0, ms, ms);
    expect(delay.delayMs).toBeLessThan(36);
  });

  it('the delay starts again after a reset', () => {
    const delay = new PlayoutDelay();
    for (let ms = 0; ms < 3000; ms += 100) delay.note((ms / 100) % 2 ? 150 : 0, ms, ms);
    delay.reset();
    expect(delay.delayMs).toBeLessThan(40);
    expect(delay.jitterMs).toBe(0);
  });
});
