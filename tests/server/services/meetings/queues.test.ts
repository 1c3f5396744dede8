import { setImmediate } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { KeyedQueue, Mailbox } from '@/server/services/meetings/queues';

const message = (text: string) => ({ kind: 'message', message: text });

describe('Mailbox', () => {
  it('a mailbox gives out messages in order, also to a waiting reader', async () => {
    const mailbox = new Mailbox<string>();
    const waiting = mailbox.take();
    mailbox.push('a');
    mailbox.push('b');
    expect(await waiting).toEqual(message('a'));
    expect(await mailbox.take()).toEqual(message('b'));
  });

  it('a mailbox tells a slow reader once that it is behind, then starts over with the whole', async () => {
    const mailbox = new Mailbox<string>(2);
    for (const text of ['a', 'b', 'c', 'd']) mailbox.push(text);
    expect(await mailbox.take()).toEqual({ kind: 'behind' });
    mailbox.restart('whole');
    mailbox.push('e');
    expect(await mailbox.take()).toEqual(message('whole'));
    expect(await mailbox.take()).toEqual(message('e'));
  });

  it('a mailbox gives out waiting messages before its end or its error', async () => {
    const quiet = new Mailbox<string>();
    quiet.push('a');
    quiet.close();
    quiet.push('late');
    expect(await quiet.take()).toEqual(message('a'));
    expect(await quiet.take()).toEqual({ kind: 'over' });
    const broken = new Mailbox<string>();
    broken.push('a');
    broken.close(new Error('first'));
    broken.close(new Error('second'));
    expect(await broken.take()).toEqual(message('a'));
    await expect(broken.take()).rejects.toThrow('first');
  });

  it('a mailbox gives the whole to a reader that was behind when it closed', async () => {
    const mailbox = new Mailbox<string>(1);
    mailbox.push('a');
    mailbox.push('b');
    mailbox.close();
    expect(await mailbox.take()).toEqual({ kind: 'behind' });
    mailbox.restart('whole');
    expect(await mailbox.take()).toEqual(message('whole'));
    expect(await mailbox.take()).toEqual({ kind: 'over' });
  });

  it('a mailbox releases a waiting reader when its signal aborts', async () => {
    const stop = new AbortController();
    const waiting = new Mailbox<string>().take(stop.signal);
    stop.abort();
    expect(await waiting).toEqual({ kind: 'over' });
  });
});

describe('KeyedQueue', () => {
  it('tasks of one key run one after another, those of different keys side by side', async () => {
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

  it('a keyed queue goes on after a failure, which only its own caller gets, and keeps nothing', async () => {
    const queue = new KeyedQueue();
    const failed = queue.run('a', () => Promise.reject(new Error('no')));
    const next = queue.run('a', async () => 'yes');
    await expect(failed).rejects.toThrow('no');
    expect(await next).toBe('yes');
    await setImmediate();
    expect(queue.size).toBe(0);
  });
});
