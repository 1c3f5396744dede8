import { describe, expect, it } from 'vitest';
import { HeapWatch } from '@/tests/fuzz/heapWatch';

function watch(megabytes: readonly number[]): () => void {
  let next = 0;
  const heap = new HeapWatch(() => megabytes[next++]!);
  return () => {
    for (const _ of megabytes) heap.look();
  };
}

describe('the watch over the heap', () => {
  it('the heap watch ignores garbage that comes and goes', () => {
    expect(watch([7, 14, 16, 7.1, 20, 18, 16, 15, 9, 21])).not.toThrow();
  });

  it('the heap watch finds memory that grows and stays, even slowly', () => {
    expect(watch([7, 16, 17, 16, 18, 16, 17])).toThrow(/grown from 7\.0 to 16\.0 MB/);
    expect(watch(Array.from({ length: 40 }, (_, k) => 7 + 0.5 * k))).toThrow(/grown/);
  });

  it('the heap watch needs --expose-gc, or it would measure garbage', () => {
    expect(() => new HeapWatch()).toThrow(/--expose-gc/);
  });
});
