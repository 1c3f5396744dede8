import { describe, expect, it } from 'vitest';
import { Emitter } from '@/lib/core/emitter';

interface Events {
  count: number;
  word: { readonly text: string };
}

describe('the emitter', () => {
  it('an event calls each of its listeners in the order in which they were added, and no others', () => {
    const emitter = new Emitter<Events>();
    const heard: string[] = [];
    emitter.on('count', (count) => heard.push(`first ${count}`));
    emitter.on('count', (count) => heard.push(`second ${count}`));
    emitter.on('word', ({ text }) => heard.push(text));
    emitter.emit('count', 3);
    expect(heard).toEqual(['first 3', 'second 3']);
    emitter.emit('word', { text: 'hello' });
    expect(heard.at(-1)).toBe('hello');
  });

  it('a listener that was removed is no longer called', () => {
    const emitter = new Emitter<Events>();
    const heard: number[] = [];
    const stop = emitter.on('count', (count) => heard.push(count));
    emitter.emit('count', 1);
    stop();
    stop();
    emitter.emit('count', 2);
    expect(heard).toEqual([1]);
  });

  it('an emitter goes on after a listener that throws, and reports its error', () => {
    const reported: unknown[] = [];
    const emitter = new Emitter<Events>((error) => reported.push(error));
    const failure = new Error('broken');
    const heard: number[] = [];
    emitter.on('count', () => {
      throw failure;
    });
    emitter.on('count', (count) => heard.push(count));
    emitter.emit('count', 1);
    expect(heard).toEqual([1]);
    expect(reported).toEqual([failure]);
  });

  it('a cleared emitter calls no listener', () => {
    const emitter = new Emitter<Events>();
    const heard: number[] = [];
    emitter.on('count', (count) => heard.push(count));
    emitter.clear();
    emitter.emit('count', 1);
    expect(heard).toEqual([]);
  });

  it('a listener may remove itself while it is called', () => {
    const emitter = new Emitter<Events>();
    const heard: string[] = [];
    const stop = emitter.on('count', () => {
      heard.push('once');
      stop();
    });
    emitter.on('count', () => heard.push('always'));
    emitter.emit('count', 1);
    emitter.emit('count', 2);
    expect(heard).toEqual(['once', 'always', 'always']);
  });
});
