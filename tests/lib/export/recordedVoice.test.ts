import { describe, expect, it } from 'vitest';
import { RecordedVoice, type VoicePacket } from '@/lib/export/recordedVoice';

/** An Opus packet of 20 ms (CELT, one frame) that can be told from others. */
const opus = (mark: number) => Uint8Array.of(0xf8, mark, 1, 2);

interface Arrival {
  readonly atMs: number;
  readonly stamp: number;
  readonly mark?: number;
  readonly track?: number;
  readonly bytes?: Uint8Array;
}

/** What comes of packets that arrive. */
function heard(
  arrivals: readonly Arrival[],
  clock?: { readonly stamp: number; readonly arrivalMs: number },
): VoicePacket[] {
  const packets: VoicePacket[] = [];
  const voice = new RecordedVoice((packet) => packets.push(packet));
  const trackOf = (id: number) => ({ id, kind: 'voice' as const, personId: 'ana', hasKeyframe: false });
  if (clock) voice.take({ type: 'clock', timeMs: 0, track: trackOf(1), ...clock });
  for (const { atMs, stamp, mark = 0, track = 1, bytes = opus(mark) } of arrivals) {
    const numbers = { sequence: 0, timestamp: ((stamp % 2 ** 32) + 2 ** 32) % 2 ** 32, hasMarker: false };
    voice.take({ type: 'voice', timeMs: atMs, track: trackOf(track), bytes, ...numbers });
  }
  voice.finish();
  return packets;
}

const timesOf = (packets: readonly VoicePacket[]) => packets.map(({ timeMs }) => timeMs);
/** Packets that follow each other every 20 ms. */
const run = (count: number, fromMs: number, stamp: number, lateMs: (k: number) => number = () => 0): Arrival[] =>
  Array.from({ length: count }, (_, k) => ({ atMs: fromMs + 20 * k + lateMs(k), stamp: stamp + 960 * k, mark: k }));

describe('a recorded voice', () => {
  it('packets are as far apart as their stamps, whatever the network did, at the time of the quickest', () => {
    const late = (k: number) => (k < 20 ? 80 : k % 7 === 0 ? 0 : 35);
    const packets = heard(run(100, 1000, -5 * 960, late));
    expect(timesOf(packets)).toEqual(Array.from({ length: 100 }, (_, k) => 1000 + 20 * k));
    expect(packets.every(({ durationMs }) => durationMs === 20)).toBe(true);
  });

  it('packets that overtook each other are put in order, and those that came twice come once', () => {
    const arrivals = run(10, 0, 960).toSorted((a, b) => (a.mark! ^ 1) - (b.mark! ^ 1));
    const marks = heard([...arrivals, arrivals[3]!]).map(({ bytes }) => bytes[1]);
    expect(marks).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
  });

  it('what was not sent is a gap, and packets without sound are part of it', () => {
    const quiet = { atMs: 400, stamp: 48 * 400, bytes: Uint8Array.of(0xf8) };
    const packets = heard([...run(5, 0, 0), quiet, ...run(5, 900, 48 * 900)]);
    expect(timesOf(packets)).toEqual([0, 20, 40, 60, 80, 900, 920, 940, 960, 980]);
  });

  it('what is not Opus is left out', () => {
    expect(heard([{ atMs: 0, stamp: 0, bytes: Uint8Array.of(0x1b, 0xff, 0, 0) }])).toEqual([]);
  });

  it('a page that was reloaded goes on with another track, and the older one is over', () => {
    const newer = run(3, 5000, 77).map((arrival) => ({ ...arrival, track: 2 }));
    const packets = heard([...run(3, 0, 960), ...newer, { atMs: 5100, stamp: 960 * 4 }]);
    expect(timesOf(packets)).toEqual([0, 20, 40, 5000, 5020, 5040]);
  });

  it('a microphone whose clock stood still, or jumped, is heard when its packets came', () => {
    const packets = heard([...run(3, 0, 960), ...run(3, 8000, 960 * 4), ...run(3, 9000, 960 * 4 + 48 * 60_000)]);
    expect(timesOf(packets)).toEqual([0, 20, 40, 8000, 8020, 8040, 9000, 9020, 9040]);
  });

  it('where reading begins, the clock of before counts', () => {
    const slow = run(3, 1000, 48_000, () => 60);
    expect(timesOf(heard(slow, { stamp: 47_040, arrivalMs: 980 }))).toEqual([1000, 1020, 1040]);
  });

  it('no packet begins before the one before it ends', () => {
    const packets = heard([...run(50, 0, 0, () => 40), ...run(50, 1400, 48 * 1000, (k) => (k > 25 ? -400 : 0))]);
    packets.slice(1).forEach(({ timeMs }, k) => {
      expect(timeMs).toBeGreaterThanOrEqual(packets[k]!.timeMs + packets[k]!.durationMs);
    });
  });
});
