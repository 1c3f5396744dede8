import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MASTER_MAX, PEOPLE_MAX, PERSON_MAX, parseVoiceMemory, withVolume } from '@/app/_memory/voiceMemory';

describe('parseVoiceMemory', () => {
  it('gives back what was kept', () => {
    const kept = { wish: 'muted', deviceId: 'desk', master: 0.5, people: { a: 2, b: 0 } } as const;
    expect(parseVoiceMemory(kept)).toEqual(kept);
  });

  it('wants no microphone and changes no volume where nothing is kept', () => {
    expect(parseVoiceMemory(null)).toEqual({ wish: 'none', deviceId: '', master: 1, people: {} });
  });

  it('survives whatever a storage holds', () => {
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
  it('keeps what differs, bounded, and forgets who is as they come', () => {
    expect(withVolume({ a: 2 }, 'b', 9)).toEqual({ a: 2, b: PERSON_MAX });
    expect(withVolume({ a: 2, b: 0 }, 'a', 1)).toEqual({ b: 0 });
  });

  it('forgets the oldest beyond the most', () => {
    const many = Array.from({ length: PEOPLE_MAX + 3 }, (_, at) => `p-${at}`);
    const kept = many.reduce((people, id) => withVolume(people, id, 0.5), {} as Readonly<Record<string, number>>);
    expect(Object.keys(kept)).toEqual(many.slice(3));
  });
});
