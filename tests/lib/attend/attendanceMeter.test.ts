import { describe, expect, it } from 'vitest';
import { AttendanceMeter } from '@/lib/attend/attendanceMeter';
import type { AttendanceState } from '@/lib/attend/attendanceState';
import { Scope } from '@/lib/core/scope';
import type { Transport } from '@/lib/transport/transport';

type State = AttendanceState<Transport>;

const enter = (phase: string, isFresh = false) =>
  ({ phase, tries: isFresh ? new Scope() : null, connection: null, granted: null }) as unknown as State;

function createMeter() {
  const clock = { atMs: 1_000, nowMs: () => clock.atMs };
  const meter = new AttendanceMeter(clock);
  const after = (ms: number, state: State) => {
    clock.atMs += ms;
    meter.note(state);
  };
  return { meter, after };
}

describe('what an attendance tells of how it fares', () => {
  it('an attendance tells once how long joining took, over all attempts', () => {
    const { meter, after } = createMeter();
    expect(meter.take(null)).toBeNull();
    after(0, enter('connecting'));
    after(400, enter('connecting'));
    expect(meter.take(null)).toBeNull();
    after(600, enter('live'));
    expect(meter.take(null)).toEqual({ joinedAfterMs: 1_000 });
    expect(meter.take(null)).toBeNull();
    after(5_000, enter('live'));
    expect(meter.take(null)).toBeNull();
  });

  it('an attendance tells once of each reconnection, and whether it took a fresh stay', () => {
    const { meter, after } = createMeter();
    after(0, enter('connecting'));
    after(10, enter('live'));
    meter.take(null);
    after(100, enter('reconnecting'));
    after(250, enter('live'));
    after(100, enter('reconnecting'));
    after(1_000, enter('reconnecting', true));
    after(2_000.4, enter('live'));
    expect(meter.take(null)).toEqual({
      reconnects: [
        { kind: 'link', tookMs: 250 },
        { kind: 'stay', tookMs: 3_000 },
      ],
    });
    expect(meter.take(null)).toBeNull();
  });

  it('an attendance tells each time how poses arrive, and never more reconnections than the API takes', () => {
    const { meter, after } = createMeter();
    after(0, enter('connecting'));
    for (let k = 0; k < 30; k += 1) {
      after(10, enter('live'));
      after(10, enter('reconnecting'));
    }
    after(4_000_000, enter('live'));
    const arrivals = { ageMs: 96.4, lostShare: 0.01 };
    const told = meter.take(arrivals);
    expect(told).toMatchObject({ poseAgeMs: 96, poseLostShare: 0.01, joinedAfterMs: 10 });
    expect(told?.reconnects).toHaveLength(8);
    expect(told?.reconnects?.at(-1)?.tookMs).toBe(3_600_000);
    expect(meter.take(arrivals)).toEqual({ poseAgeMs: 96, poseLostShare: 0.01 });
  });
});
