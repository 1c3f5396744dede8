import { describe, expect, it } from 'vitest';
import { ArrangementChoice, SHRINK_AFTER_MS } from '@/scene/room/arrangementChoice';

describe('the choice of an arrangement', () => {
  it('is a table for six and fewer', () => {
    const choice = new ArrangementChoice();
    choice.update(-1, 0);
    expect(choice.name).toBe('table');
    for (let seat = 0; seat < 6; seat += 1) expect(choice.update(seat, seat)).toBe(false);
  });

  it('becomes an arc at once when the seventh sits down', () => {
    const choice = new ArrangementChoice();
    choice.update(5, 0);
    expect(choice.update(6, 1)).toBe(true);
    expect(choice.name).toBe('arc');
  });

  it('stays an arc while somebody may come back, and becomes a table where they do not', () => {
    const choice = new ArrangementChoice();
    choice.update(6, 0);
    expect(choice.update(5, 1000)).toBe(false);
    expect(choice.update(6, 1000 + SHRINK_AFTER_MS - 1)).toBe(false);
    expect(choice.update(5, 100_000)).toBe(false);
    expect(choice.update(5, 100_000 + SHRINK_AFTER_MS)).toBe(true);
    expect(choice.name).toBe('table');
  });
});
