import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DominantSpeaker, LoudestVoices, loudnessOf } from '@/server/hub/media/speakers';

const FRAME_MS = 20;
const [SPEECH, MURMUR, NOISE, SILENCE] = [100, 70, 40, 0];

/** Sends at the given loudness for a while. Returns each new dominant speaker. */
function changesOf(
  speaker: DominantSpeaker,
  fromMs: number,
  forMs: number,
  loudness: Record<string, number>,
): string[] {
  const changes: string[] = [];
  for (let nowMs = fromMs; nowMs < fromMs + forMs; nowMs += FRAME_MS) {
    for (const [id, db] of Object.entries(loudness)) {
      if (speaker.observe(id, db, nowMs)) changes.push(speaker.current!);
    }
  }
  return changes;
}

describe('dominant speaker', () => {
  it('H-66 noise alone makes no dominant speaker', () => {
    expect(changesOf(new DominantSpeaker(), 0, 5_000, { a: NOISE, b: NOISE + 10 })).toEqual([]);
  });

  it('H-66 the endpoint that speaks becomes the dominant speaker', () => {
    expect(changesOf(new DominantSpeaker(), 0, 1_000, { a: SPEECH, b: NOISE })).toEqual(['a']);
  });

  it('H-66 a cough does not change the dominant speaker', () => {
    const speaker = new DominantSpeaker();
    changesOf(speaker, 0, 2_000, { a: SPEECH, b: NOISE });
    expect(changesOf(speaker, 2_000, 200, { a: SPEECH, b: 127 })).toEqual([]);
    expect(changesOf(speaker, 2_200, 2_000, { a: SPEECH, b: NOISE })).toEqual([]);
  });

  it('H-66 the dominant speaker stays through silence, gives way to another speech, and is remembered', () => {
    const speaker = new DominantSpeaker();
    changesOf(speaker, 0, 2_000, { a: SPEECH, b: NOISE, c: NOISE });
    expect(changesOf(speaker, 2_000, 3_000, { a: NOISE, b: NOISE, c: NOISE })).toEqual([]);
    expect(changesOf(speaker, 5_000, 2_000, { a: NOISE, b: SPEECH, c: NOISE })).toEqual(['b']);
    expect(changesOf(speaker, 7_000, 4_000, { a: NOISE, b: NOISE, c: SPEECH })).toEqual(['c']);
    expect(changesOf(speaker, 11_000, 4_000, { a: SPEECH, b: NOISE, c: NOISE })).toEqual(['a']);
    expect(speaker.previousIds).toEqual(['c', 'b']);
  });

  it('H-66 two equally loud speakers do not take turns', () => {
    const speaker = new DominantSpeaker();
    expect(changesOf(speaker, 0, 10_000, { a: SPEECH, b: SPEECH + 2 }).length).toBe(1);
  });

  it('H-66 endpoints that left are neither dominant nor previous speakers', () => {
    const speaker = new DominantSpeaker();
    changesOf(speaker, 0, 1_000, { a: SPEECH });
    changesOf(speaker, 1_000, 4_000, { a: NOISE, b: SPEECH });
    speaker.remove('a');
    speaker.remove('b');
    expect([speaker.current, speaker.previousIds]).toEqual([null, []]);
  });

  it('H-66 the dominant speaker changes at most every 400 ms, whatever arrives', () => {
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

  it('H-66 a packet without a level counts as silence', () => {
    expect(loudnessOf(-1)).toBe(0);
    expect(loudnessOf(127)).toBe(0);
    expect(loudnessOf(0)).toBe(127);
  });
});

/** Sends at the given loudness for a while. Returns the endpoints forwarded in the last frame. */
function forwardedOf(voices: LoudestVoices, fromMs: number, forMs: number, loudness: Record<string, number>): string[] {
  let heard: string[] = [];
  for (let nowMs = fromMs; nowMs < fromMs + forMs; nowMs += FRAME_MS) {
    heard = Object.entries(loudness).flatMap(([id, db]) => (voices.admit(id, db, nowMs) ? [id] : []));
  }
  return heard;
}

describe('loudest voices', () => {
  it('H-67 every microphone is forwarded while there are places, silent or not', () => {
    expect(forwardedOf(new LoudestVoices(3), 0, 100, { a: SPEECH, b: SILENCE, c: MURMUR })).toEqual(['a', 'b', 'c']);
  });

  it('H-67 loud microphones take the places of quiet ones', () => {
    const voices = new LoudestVoices(2);
    expect(forwardedOf(voices, 0, 200, { a: SILENCE, b: SILENCE, c: SILENCE, d: SILENCE })).toEqual(['a', 'b']);
    expect(forwardedOf(voices, 1_200, 1_500, { a: SILENCE, b: MURMUR, c: SPEECH, d: SPEECH })).toEqual(['c', 'd']);
  });

  it('H-67 voices of similar loudness do not swap places', () => {
    const voices = new LoudestVoices(1);
    expect(forwardedOf(voices, 0, 3_000, { a: SPEECH, b: SPEECH + 3 })).toEqual(['a']);
  });

  it('H-67 a voice keeps its place through the pauses between words', () => {
    const voices = new LoudestVoices(1);
    forwardedOf(voices, 0, 2_000, { a: SPEECH });
    expect(forwardedOf(voices, 2_000, 200, { a: SILENCE, b: MURMUR })).toEqual(['a']);
    expect(forwardedOf(voices, 2_200, 2_000, { a: SILENCE, b: MURMUR })).toEqual(['b']);
  });

  it('H-67 a closed microphone, or one that left, frees its place', () => {
    const voices = new LoudestVoices(1);
    forwardedOf(voices, 0, 1_000, { a: SPEECH });
    voices.sweep(3_500);
    expect(forwardedOf(voices, 3_500, 20, { b: SILENCE })).toEqual(['b']);
    voices.remove('b');
    expect(forwardedOf(voices, 3_520, 20, { c: SILENCE })).toEqual(['c']);
  });

  it('H-67 no more microphones are forwarded than there are places', () => {
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
