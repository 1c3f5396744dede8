import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LoudestVoices } from '@/server/hub/media/speakers/loudestVoices';

const FRAME_MS = 20;
const [SPEECH, MURMUR, SILENCE] = [100, 70, 0];

/** Lets everybody send at a loudness for a while; tells who was forwarded in the last frame. */
function talk(voices: LoudestVoices, fromMs: number, forMs: number, loudness: Record<string, number>): string[] {
  let heard: string[] = [];
  for (let nowMs = fromMs; nowMs < fromMs + forMs; nowMs += FRAME_MS) {
    heard = Object.entries(loudness).flatMap(([id, db]) => (voices.admit(id, db, nowMs) ? [id] : []));
  }
  return heard;
}

describe('loudest voices', () => {
  it('H-67 forwards everybody while there are places, silent or not', () => {
    expect(talk(new LoudestVoices(3), 0, 100, { a: SPEECH, b: SILENCE, c: MURMUR })).toEqual(['a', 'b', 'c']);
  });

  it('H-67 gives the places of the quiet to the loud', () => {
    const voices = new LoudestVoices(2);
    expect(talk(voices, 0, 200, { a: SILENCE, b: SILENCE, c: SILENCE, d: SILENCE })).toEqual(['a', 'b']);
    expect(talk(voices, 1_200, 1_500, { a: SILENCE, b: MURMUR, c: SPEECH, d: SPEECH })).toEqual(['c', 'd']);
  });

  it('H-67 does not swap voices of like loudness', () => {
    const voices = new LoudestVoices(1);
    expect(talk(voices, 0, 3_000, { a: SPEECH, b: SPEECH + 3 })).toEqual(['a']);
  });

  it('H-67 keeps a place through the pauses between words', () => {
    const voices = new LoudestVoices(1);
    talk(voices, 0, 2_000, { a: SPEECH });
    expect(talk(voices, 2_000, 200, { a: SILENCE, b: MURMUR })).toEqual(['a']);
    expect(talk(voices, 2_200, 2_000, { a: SILENCE, b: MURMUR })).toEqual(['b']);
  });

  it('H-67 takes back the place of whoever has closed the microphone, or left', () => {
    const voices = new LoudestVoices(1);
    talk(voices, 0, 1_000, { a: SPEECH });
    voices.sweep(3_500);
    expect(talk(voices, 3_500, 20, { b: SILENCE })).toEqual(['b']);
    voices.remove('b');
    expect(talk(voices, 3_520, 20, { c: SILENCE })).toEqual(['c']);
  });

  it('H-67 never forwards more than there are places', () => {
    const packet = fc.record({ id: fc.integer({ min: 0, max: 11 }), db: fc.integer({ min: 0, max: 127 }) });
    fc.assert(
      fc.property(fc.array(packet, { maxLength: 400 }), (packets) => {
        const voices = new LoudestVoices(8);
        const placed = new Map<number, number>();
        packets.forEach(({ id, db }, n) => {
          if (voices.admit(String(id), db, n * 5)) placed.set(id, n * 5);
          else placed.delete(id);
          if (n % 50 === 0) voices.sweep(n * 5);
        });
        // Places change hands only after a second, so no more than 8 can have one in any shorter time.
        const nowMs = packets.length * 5;
        expect([...placed.values()].filter((atMs) => nowMs - atMs < 1).length).toBeLessThanOrEqual(8);
        const admitted = Array.from({ length: 12 }, (_, id) => voices.admit(String(id), 0, nowMs));
        expect(admitted.filter(Boolean).length).toBeLessThanOrEqual(8);
      }),
    );
  });
});
