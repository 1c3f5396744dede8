import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MASTER_MAX, PEOPLE_MAX, PERSON_MAX, parseVoiceMemory, withVolume } from '@/app/_memory/voiceMemory';

describe('parseVoiceMemory', () => {
  it('what is remembered about sound comes back as it was stored', () => {
    const kept = { wish: 'muted', deviceId: 'desk', master: 0.5, people: { a: 2, b: 0 } } as const;
    expect(parseVoiceMemory(kept)).toEqual(kept);
  });

  it('without a memory no microphone is wanted and no volume changed', () => {
    expect(parseVoiceMemory(null)).toEqual({ wish: 'none', deviceId: '', master: 1, people: {} });
  });

  it('what is remembered about sound is usable whatever the storage holds', () => {
    fc.assert(
      fc.property(fc.anything(), fc.anything(), fc.anything(), (master, people, wish) => {
        const memory = parseVoiceMemory({ master, people, wish });
        expect(memory.master).toBeGreaterThanOrEqual(0);
        expect(memory.master).toBeLessThanOrEqual(MASTER_MAX);
        for (const volume of Object.values(memory.people)) {
          expect(volume).toBeGreaterThanOrEqual(0);
          expect(volume).toBeLessThanOrEqual(PERSON_MAX);
        }
        return parseVoiceMemory(people) !== null;
      }),
    );
  });
});

describe('withVolume', () => {
  it('only volumes that differ are kept, within their bounds', () => {
    expect(withVolume({ a: 2 }, 'b', 9)).toEqual({ a: 2, b: PERSON_MAX });
    expect(withVolume({ a: 2, b: 0 }, 'a', 1)).toEqual({ b: 0 });
  });

  it('the oldest volumes are forgotten beyond the limit', () => {
    const many = Array.from({ length: PEOPLE_MAX + 3 }, (_, at) => `p-${at}`);
    const kept = many.reduce((people, id) => withVolume(people, id, 0.5), {} as Readonly<Record<string, number>>);
    expect(Object.keys(kept)).toEqual(many.slice(3));
  });
});
