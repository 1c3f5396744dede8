import { describe, expect, it } from 'vitest';
import { PlayoutCursor, SenderClock } from '@/lib/playout/playoutClock';

const FRAME_MS = 1000 / 60;
const FAR_MS = 1e9;

/** Advances at 60 Hz; returns how fast time ran in each frame. */
function run(
  cursor: PlayoutCursor,
  fromMs: number,
  frames: number,
  idealMs: (ms: number) => number,
  newestMs = FAR_MS,
) {
  return Array.from({ length: frames }, (_, k) => {
    const before = cursor.nowMs;
    cursor.advance(fromMs + k * FRAME_MS, idealMs(fromMs + k * FRAME_MS), newestMs);
    return (cursor.nowMs - before) / FRAME_MS;
  });
}

describe('the sender clock', () => {
  it('the sender clock takes the quickest frame for the difference of the clocks', () => {
    const clock = new SenderClock();
    expect(clock.note(1000, 5050)).toBe(0);
    expect(clock.note(1033, 5070)).toBe(0);
    expect(clock.note(1066, 5166)).toBe(63);
    expect(clock.offsetMs).toBe(4037);
  });

  it('the sender clock forgets a quick frame after ten seconds, so that a longer transit becomes normal', () => {
    const clock = new SenderClock();
    clock.note(0, 10);
    for (let ms = 100; ms <= 12_000; ms += 100) clock.note(ms, ms + 60);
    expect(clock.offsetMs).toBe(60);
  });

  it('the sender clock follows clocks that drift apart', () => {
    const clock = new SenderClock();
    for (let ms = 0; ms < 600_000; ms += 33) clock.note(ms, ms * 1.0001 + 40);
    expect(clock.offsetMs).toBeGreaterThan(600_000 * 0.0001 + 40 - 1.2);
    expect(clock.offsetMs).toBeLessThan(600_000 * 0.0001 + 40);
  });

  it('the sender clock knows nothing after a reset, and tolerates times before zero', () => {
    const clock = new SenderClock();
    clock.note(0, -50_000);
    clock.note(100, -49_890);
    expect(clock.offsetMs).toBe(-50_000);
    clock.reset();
    expect(clock.offsetMs).toBe(Number.POSITIVE_INFINITY);
    clock.note(7, 9);
    expect(clock.offsetMs).toBe(2);
  });
});

describe('the cursor', () => {
  it.each([
    ['slower', -200, 0.9],
    ['faster', 200, 1.25],
  ])('playout returns to its place %s, smoothly, at no more than the bounded rate, and stays', (_, offMs, bound) => {
    const cursor = new PlayoutCursor();
    cursor.advance(0, 0, FAR_MS);
    const rates = run(cursor, FRAME_MS, 300, (ms) => ms + offMs);
    expect(Math.min(...rates)).toBeGreaterThanOrEqual(0.9 - 1e-9);
    expect(Math.max(...rates)).toBeLessThanOrEqual(1.25 + 1e-9);
    expect(rates.some((rate) => Math.abs(rate - bound) < 0.005)).toBe(true);
    const changes = rates.slice(1).map((rate, k) => Math.abs(rate - rates[k]!));
    expect(Math.max(...changes)).toBeLessThan(0.07);
    expect(cursor.nowMs).toBeCloseTo(300 * FRAME_MS + offMs, -1);
  });

  it('time slows down after the newest frame, stops 150 ms later, and counts one freeze', () => {
    const cursor = new PlayoutCursor();
    cursor.advance(0, 0, 100);
    const rates = run(cursor, FRAME_MS, 120, (ms) => Math.min(ms, 900), 100);
    expect(cursor.nowMs).toBeGreaterThan(245);
    expect(cursor.nowMs).toBeLessThanOrEqual(250);
    const slowing = rates.slice(7);
    expect(slowing).toEqual([...slowing].sort((a, b) => b - a));
    expect(cursor.freezes).toBe(1);
    expect(cursor.lateShare).toBeGreaterThan(0.2);
  });

  it('playout that is more than a second off jumps and reports the jump', () => {
    const cursor = new PlayoutCursor();
    cursor.advance(0, 0, FAR_MS);
    expect(cursor.isJump).toBe(true);
    cursor.advance(16, 16, FAR_MS);
    expect(cursor.isJump).toBe(false);
    cursor.advance(32, 5000, FAR_MS);
    expect([cursor.isJump, cursor.nowMs, cursor.beforeMs]).toEqual([true, 5000, 4984]);
  });

  it('playout does not move while time stands still', () => {
    const cursor = new PlayoutCursor();
    cursor.advance(100, 50, FAR_MS);
    cursor.advance(100, 50, FAR_MS);
    cursor.advance(60, 10, FAR_MS);
    expect([cursor.nowMs, cursor.elapsedMs]).toEqual([50, 0]);
  });
});
