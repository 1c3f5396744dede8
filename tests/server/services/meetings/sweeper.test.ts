import { describe, expect, it } from 'vitest';
import { silentLog } from '@/lib/core/log';
import { Sweeper } from '@/server/services/meetings/sweeper';

describe('Sweeper', () => {
  it('sweeps never overlap, and stopping waits for the last one', async () => {
    let running = 0;
    let most = 0;
    let rounds = 0;
    const sweep = async () => {
      running += 1;
      most = Math.max(most, running);
      await new Promise((resolve) => setTimeout(resolve, 20));
      running -= 1;
      rounds += 1;
    };
    const sweeper = new Sweeper('sweep', sweep, silentLog, 1);
    sweeper.start();
    sweeper.start();
    await expect.poll(() => rounds).toBeGreaterThan(2);
    await sweeper.stop();
    expect({ running, most }).toEqual({ running: 0, most: 1 });
    const after = rounds;
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(rounds).toBe(after);
  });

  it('sweeping goes on after a failure, which is logged once', async () => {
    const lines: string[] = [];
    let rounds = 0;
    const sweep = async () => {
      rounds += 1;
      if (rounds < 4) throw new Error('away');
    };
    const sweeper = new Sweeper('sweep', sweep, { ...silentLog, warn: (message) => lines.push(message) }, 1);
    sweeper.start();
    await expect.poll(() => rounds).toBeGreaterThan(5);
    await sweeper.stop();
    expect(lines).toHaveLength(1);
  });
});
