import { describe, expect, it } from 'vitest';
import { SpeakingMeter } from '@/server/recorder/speakingMeter';

const PACKET_MS = 20;
const [LOUD_DB, QUIET_DB] = [20, 90];

describe('who speaks', () => {
  /** Levels every 20 ms, from a moment on. Returns the moment after. */
  function hear(meter: SpeakingMeter, levelDb: number, fromMs: number, forMs: number): number {
    for (let atMs = fromMs; atMs < fromMs + forMs; atMs += PACKET_MS) meter.note(levelDb, atMs);
    return fromMs + forMs;
  }

  it('a word is speech at once, a click is none', () => {
    const meter = new SpeakingMeter();
    hear(meter, LOUD_DB, hear(meter, QUIET_DB, 0, 200), 40);
    hear(meter, QUIET_DB, 240, 100);
    expect(meter.isSpeaking).toBe(false);
    hear(meter, LOUD_DB, 340, 100);
    expect(meter.isSpeaking).toBe(true);
  });

  it('pauses between words are part of speech, longer ones end it, with packets or without', () => {
    const meter = new SpeakingMeter();
    hear(meter, LOUD_DB, 0, 200);
    hear(meter, QUIET_DB, 200, 600);
    expect(meter.isSpeaking).toBe(true);
    hear(meter, QUIET_DB, 800, 200);
    expect(meter.isSpeaking).toBe(false);
    hear(meter, LOUD_DB, 1000, 200);
    meter.sweep(1700);
    expect(meter.isSpeaking).toBe(true);
    meter.sweep(1900);
    expect(meter.isSpeaking).toBe(false);
  });

  it('packets without a level count as silence', () => {
    const meter = new SpeakingMeter();
    hear(meter, -1, 0, 1000);
    expect(meter.isSpeaking).toBe(false);
  });
});
