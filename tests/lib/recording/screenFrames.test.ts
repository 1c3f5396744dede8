import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ScreenFrames } from '@/lib/recording/screenFrames';
import type { ScreenRecord, SegmentTrack } from '@/lib/recording/segmentReader';

const track: SegmentTrack = { id: 1, kind: 'screen', personId: 'ana', hasKeyframe: true };

/** Frames as records of one fragment for each letter; capitals are keyframes. Sequence numbers run over 65535. */
function fragmentsOf(...frames: string[]): ScreenRecord[] {
  let sequence = 65_533;
  return frames.flatMap((letters, frame) =>
    [...letters].map((letter, k) => {
      sequence = (sequence + 1) & 0xffff;
      return {
        type: 'screen' as const,
        timeMs: 100 * frame + k,
        track,
        bytes: new TextEncoder().encode(letter),
        sequence,
        timestamp: k === 0 ? 9000 * frame : null,
        isFirst: k === 0,
        isLast: k === letters.length - 1,
        isKeyframe: letters === letters.toUpperCase(),
      };
    }),
  );
}

function shown(records: readonly ScreenRecord[]): string[] {
  const frames = new ScreenFrames();
  return records.flatMap((record) => {
    const frame = frames.take(record);
    return frame ? new TextDecoder().decode(frame.bytes) : [];
  });
}

describe('frames of a shared screen', () => {
  it('R-35: fragments become the frames they were', () => {
    const frames = new ScreenFrames();
    const made = fragmentsOf('ABC', 'de').map((record) => frames.take(record));
    expect(made.filter((frame) => frame !== null)).toEqual([
      { timeMs: 2, timestamp: 0, isKeyframe: true, bytes: new TextEncoder().encode('ABC') },
      { timeMs: 101, timestamp: 9000, isKeyframe: false, bytes: new TextEncoder().encode('de') },
    ]);
  });

  it('R-35: nothing is shown before the first keyframe', () => {
    expect(shown(fragmentsOf('ab', 'c', 'DE', 'f'))).toEqual(['DE', 'f']);
  });

  it('R-35: a lost fragment costs its frame and those after it up to the next keyframe', () => {
    const records = fragmentsOf('AB', 'cd', 'ef', 'G', 'h');
    const lost = (...places: number[]) => shown(records.filter((_, k) => !places.includes(k)));
    expect(lost(2)).toEqual(['AB', 'G', 'h']);
    expect(lost(3)).toEqual(['AB', 'G', 'h']);
    expect(lost(0)).toEqual(['G', 'h']);
    expect(lost(2, 3)).toEqual(['AB', 'G', 'h']);
    expect(lost(6)).toEqual(['AB', 'cd', 'ef']);
  });

  it('R-35: whatever is lost, every frame that is shown was sent and follows those it refers to', () => {
    const sent = ['AB', 'c', 'def', 'GH', 'ij', 'k', 'L'];
    const records = fragmentsOf(...sent);
    fc.assert(
      fc.property(fc.array(fc.boolean(), { minLength: records.length, maxLength: records.length }), (keeps) => {
        const frames = shown(records.filter((_, k) => keeps[k]));
        for (const [k, frame] of frames.entries()) {
          expect(sent).toContain(frame);
          const isKeyframe = frame === frame.toUpperCase();
          if (!isKeyframe) expect(frames[k - 1]).toBe(sent[sent.indexOf(frame) - 1]);
        }
      }),
    );
  });

  it('R-4: a frame that never ends is given up at 4 MiB', () => {
    const frames = new ScreenFrames();
    const [first] = fragmentsOf('AB');
    const bytes = new Uint8Array(65_535);
    for (let k = 0; k < 70; k += 1) {
      expect(frames.take({ ...first!, bytes, sequence: k, isFirst: k === 0, isLast: k === 69 })).toBeNull();
    }
  });
});
