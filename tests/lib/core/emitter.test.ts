import { describe, expect, it } from 'vitest';
import { Emitter } from '@/lib/core/emitter';

interface Events {
  count: number;
  word: { readonly text: string };
}

describe('the emitter', () => {
  it('tells every listener of an event, in the order they came, and nobody else', () => {
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

  it('stops telling who has stopped listening', () => {
    const emitter = new Emitter<Events>();
    const heard: number[] = [];
    const stop = emitter.on('count', (count) => heard.push(count));
    emitter.emit('count', 1);
    stop();
    stop();
    emitter.emit('count', 2);
    expect(heard).toEqual([1]);
  });

  it('goes on after a listener that throws, and reports its error', () => {
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

  it('forgets everybody when cleared', () => {
    const emitter = new Emitter<Events>();
    const heard: number[] = [];
    emitter.on('count', (count) => heard.push(count));
    emitter.clear();
    emitter.emit('count', 1);
    expect(heard).toEqual([]);
  });

  it('lets a listener leave while it is being told', () => {
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
