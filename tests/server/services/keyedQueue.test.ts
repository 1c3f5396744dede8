import { setImmediate } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { KeyedQueue } from '@/server/services/keyedQueue';

describe('KeyedQueue', () => {
  it('runs the tasks of a key one after the other, those of others side by side', async () => {
    const queue = new KeyedQueue();
    const log: string[] = [];
    const task = (name: string) => async () => {
      log.push(`+${name}`);
      await setImmediate();
      log.push(`-${name}`);
    };
    await Promise.all([queue.run('a', task('a1')), queue.run('a', task('a2')), queue.run('b', task('b1'))]);
    expect(log.filter((entry) => entry.includes('a'))).toEqual(['+a1', '-a1', '+a2', '-a2']);
    expect(log.indexOf('+b1')).toBeLessThan(log.indexOf('-a1'));
  });

  it('goes on after a failure, which only its own caller gets, and keeps nothing', async () => {
    const queue = new KeyedQueue();
    const failed = queue.run('a', () => Promise.reject(new Error('no')));
    const next = queue.run('a', async () => 'yes');
    await expect(failed).rejects.toThrow('no');
    expect(await next).toBe('yes');
    await setImmediate();
    expect(queue.size).toBe(0);
  });
});
