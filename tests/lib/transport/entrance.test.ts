import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { type Attempt, Entrance } from '@/lib/transport/entrance';
import { lost } from '@/lib/transport/transport';

/** A conference that is entered as soon as the API has given a pass. */
class Door {
  entered = 0;
  attempts = 0;
  /** What the API does when it is asked for a pass. */
  api: () => Promise<void> = async () => {};
  /** What happens after that. */
  rest: () => Promise<void> = async () => {};
  readonly entrance: Entrance = new Entrance(
    { enter: (attempt) => this.enter(attempt), onFailedAttempt: () => {}, onGivenUp: () => {} },
    { nowMs: () => performance.now() },
  );

  private async enter(attempt: Attempt): Promise<void> {
    this.attempts += 1;
    await this.api();
    this.entrance.admitted();
    await this.rest();
    if (!attempt.isOver) this.entered += 1;
  }
}

const forever = () => new Promise<void>(() => {});

let door: Door;
beforeEach(() => {
  vi.useFakeTimers();
  door = new Door();
});
afterEach(() => {
  door.entrance.stop(lost());
  vi.useRealTimers();
});

describe('an entrance that is told that the network is back', () => {
  it('T-49 calls off an attempt that began just before, over a network that was gone', async () => {
    door.api = forever;
    door.entrance.reconnect(lost());
    await vi.advanceTimersByTimeAsync(500);
    expect(door.attempts).toBe(1);
    door.entrance.wake();
    door.api = async () => {};
    await vi.advanceTimersByTimeAsync(2_200);
    expect(door.entered).toBe(1);
  });

  it('T-49 keeps an attempt that gets its pass, however long the rest takes', async () => {
    door.api = () => new Promise((resolve) => setTimeout(resolve, 1_500));
    door.rest = () => new Promise((resolve) => setTimeout(resolve, 5_000));
    door.entrance.reconnect(lost());
    await vi.advanceTimersByTimeAsync(200);
    door.entrance.wake();
    await vi.advanceTimersByTimeAsync(8_000);
    expect([door.attempts, door.entered]).toEqual([1, 1]);
  });

  it('T-49 does not call off an attempt that began after one that it doubted', async () => {
    door.api = forever;
    door.entrance.reconnect(lost());
    await vi.advanceTimersByTimeAsync(500);
    door.entrance.wake();
    door.entrance.callOff(lost());
    door.api = async () => {};
    door.rest = () => new Promise((resolve) => setTimeout(resolve, 5_000));
    await vi.advanceTimersByTimeAsync(8_000);
    expect([door.attempts, door.entered]).toEqual([2, 1]);
  });
});
