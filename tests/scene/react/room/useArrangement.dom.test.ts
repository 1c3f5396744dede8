import { act, cleanup, renderHook } from '@testing-library/react';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Participant } from '@/lib/core/meeting';
import { SHRINK_AFTER_MS, useArrangement } from '@/scene/react/room/useArrangement';

const onSeats = (...seats: readonly number[]): Participant[] =>
  seats.map((seat) => ({ id: `p${seat}`, name: 'P', avatar: 'ada', seat }));

function arrange(first: readonly Participant[]) {
  const { result, rerender } = renderHook(({ people }) => useArrangement(people, 16), {
    initialProps: { people: first },
  });
  return {
    name: () => result.current.name,
    current: () => result.current,
    seat: (...seats: readonly number[]) => rerender({ people: onSeats(...seats) }),
  };
}

const wait = (ms: number) => act(() => vi.advanceTimersByTime(ms));

describe('the arrangement of a meeting', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => {
    cleanup();
    vi.useRealTimers();
  });

  it('up to six people share one table, however often people join and leave', () => {
    const meeting = arrange([]);
    const first = meeting.current();
    expect(first.name).toBe('table');
    for (let seat = 0; seat < 6; seat += 1) {
      meeting.seat(seat);
      expect(meeting.current()).toBe(first);
    }
  });

  it('a meeting with the seventh seat taken starts with an arc', () => {
    expect(arrange(onSeats(0, 6)).name()).toBe('arc');
  });

  it('the table becomes an arc as soon as the seventh person sits down', () => {
    const meeting = arrange(onSeats(0, 5));
    meeting.seat(0, 5, 6);
    expect(meeting.name()).toBe('arc');
  });

  it('an arc stays while the seventh person may come back, and becomes a table if they do not', () => {
    const meeting = arrange(onSeats(0, 6));
    meeting.seat(0);
    wait(SHRINK_AFTER_MS - 1);
    expect(meeting.name()).toBe('arc');
    meeting.seat(0, 6);
    wait(SHRINK_AFTER_MS * 2);
    expect(meeting.name()).toBe('arc');
    meeting.seat(0);
    wait(SHRINK_AFTER_MS - 1);
    expect(meeting.name()).toBe('arc');
    meeting.seat(0, 3);
    wait(1);
    expect(meeting.name()).toBe('table');
  });
});
