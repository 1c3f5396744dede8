import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DominantSpeaker } from '@/server/hub/media/speakers/dominantSpeaker';
import { loudnessOf } from '@/server/hub/media/speakers/voiceLevels';

const FRAME_MS = 20;
const [SPEECH, NOISE] = [100, 40];

/** Lets everybody send at a loudness for a while; tells the changes. */
function talk(speaker: DominantSpeaker, fromMs: number, forMs: number, loudness: Record<string, number>): string[] {
  const changes: string[] = [];
  for (let nowMs = fromMs; nowMs < fromMs + forMs; nowMs += FRAME_MS) {
    for (const [id, db] of Object.entries(loudness)) {
      if (speaker.observe(id, db, nowMs)) changes.push(speaker.current!);
    }
  }
  return changes;
}

describe('dominant speaker', () => {
  it('H-66 is nobody while there is only noise', () => {
    expect(talk(new DominantSpeaker(), 0, 5_000, { a: NOISE, b: NOISE + 10 })).toEqual([]);
  });

  it('H-66 is whoever speaks', () => {
    expect(talk(new DominantSpeaker(), 0, 1_000, { a: SPEECH, b: NOISE })).toEqual(['a']);
  });

  it('H-66 does not change with a cough', () => {
    const speaker = new DominantSpeaker();
    talk(speaker, 0, 2_000, { a: SPEECH, b: NOISE });
    expect(talk(speaker, 2_000, 200, { a: SPEECH, b: 127 })).toEqual([]);
    expect(talk(speaker, 2_200, 2_000, { a: SPEECH, b: NOISE })).toEqual([]);
  });

  it('H-66 stays through silence and changes when another speaks, remembering those before', () => {
    const speaker = new DominantSpeaker();
    talk(speaker, 0, 2_000, { a: SPEECH, b: NOISE, c: NOISE });
    expect(talk(speaker, 2_000, 3_000, { a: NOISE, b: NOISE, c: NOISE })).toEqual([]);
    expect(talk(speaker, 5_000, 2_000, { a: NOISE, b: SPEECH, c: NOISE })).toEqual(['b']);
    expect(talk(speaker, 7_000, 4_000, { a: NOISE, b: NOISE, c: SPEECH })).toEqual(['c']);
    expect(talk(speaker, 11_000, 4_000, { a: SPEECH, b: NOISE, c: NOISE })).toEqual(['a']);
    expect(speaker.previousIds).toEqual(['c', 'b']);
  });

  it('H-66 does not flicker between two who speak alike', () => {
    const speaker = new DominantSpeaker();
    expect(talk(speaker, 0, 10_000, { a: SPEECH, b: SPEECH + 2 }).length).toBe(1);
  });

  it('H-66 forgets who has left', () => {
    const speaker = new DominantSpeaker();
    talk(speaker, 0, 1_000, { a: SPEECH });
    talk(speaker, 1_000, 4_000, { a: NOISE, b: SPEECH });
    speaker.remove('a');
    speaker.remove('b');
    expect([speaker.current, speaker.previousIds]).toEqual([null, []]);
  });

  it('H-66 changes at most every 400 ms, whatever comes', () => {
    const packet = fc.record({ id: fc.constantFrom('a', 'b', 'c', 'd'), db: fc.integer({ min: 0, max: 127 }) });
    fc.assert(
      fc.property(fc.array(packet, { maxLength: 600 }), (packets) => {
        const speaker = new DominantSpeaker();
        const changes = packets.flatMap(({ id, db }, n) => (speaker.observe(id, db, n * 7) ? [n * 7] : []));
        changes.slice(1).forEach((atMs, n) => {
          expect(atMs - changes[n]!).toBeGreaterThanOrEqual(400);
        });
      }),
    );
  });

  it('H-66 takes a packet without a level for silence', () => {
    expect(loudnessOf(-1)).toBe(0);
    expect(loudnessOf(127)).toBe(0);
    expect(loudnessOf(0)).toBe(127);
  });
});
