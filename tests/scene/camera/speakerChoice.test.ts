import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  CUT_EVERY_MS,
  HEARD_FOR_MS,
  LONG_TALK_MS,
  LOOK_AROUND_MS,
  PAUSE_MS,
  SILENCE_MS,
  SpeakerChoice,
} from '@/scene/camera/speakerChoice';

const FRAME_MS = 50;
const PEOPLE = ['ana', 'bo', 'cleo', 'me'].map((id) => ({ id, isSelf: id === 'me' }));

interface Cut {
  readonly atMs: number;
  readonly subject: string | null;
}

/** Lets people speak one after another; returns when the picture changed to whom. */
function play(script: readonly (readonly [speaking: string, ms: number])[], people = PEOPLE): Cut[] {
  const choice = new SpeakerChoice();
  const cuts: Cut[] = [];
  let nowMs = 0;
  for (const [speaking, ms] of script) {
    const voices = speaking.split('+');
    for (let at = 0; at < ms; at += FRAME_MS) {
      nowMs += FRAME_MS;
      if (choice.update(people, (id) => voices.includes(id), nowMs))
        cuts.push({ atMs: nowMs, subject: choice.subject });
    }
  }
  return cuts;
}

const subjects = (cuts: readonly Cut[]) => cuts.map(({ subject }) => subject);

describe('whom the camera follows', () => {
  it('is whoever speaks, once they have for a moment', () => {
    const [cut] = play([
      ['', 2000],
      ['ana', 3000],
    ]);
    expect(cut?.subject).toBe('ana');
    expect(cut?.atMs).toBeGreaterThanOrEqual(2000 + HEARD_FOR_MS);
    expect(cut?.atMs).toBeLessThan(2000 + HEARD_FOR_MS + 3 * FRAME_MS);
  });

  it('is not changed by a cough, nor by a pause for thought', () => {
    expect(
      subjects(
        play([
          ['ana', 6000],
          ['ana+bo', HEARD_FOR_MS - 100],
          ['ana', 4000],
        ]),
      ),
    ).toEqual(['ana']);
    expect(
      subjects(
        play([
          ['ana', 6000],
          ['', PAUSE_MS - 200],
          ['ana', 6000],
        ]),
      ),
    ).toEqual(['ana']);
  });

  it('goes on to the next who speaks when the one before has finished', () => {
    expect(
      subjects(
        play([
          ['ana', 6000],
          ['bo', 6000],
          ['cleo', 6000],
        ]),
      ),
    ).toEqual(['ana', 'bo', 'cleo']);
  });

  it('never is oneself', () => {
    expect(play([['me', 20_000]])).toEqual([]);
  });

  it('is everybody after a silence, and where three speak at once', () => {
    expect(
      subjects(
        play([
          ['ana', 6000],
          ['', SILENCE_MS + 500],
        ]),
      ),
    ).toEqual(['ana', null]);
    expect(
      subjects(
        play([
          ['ana', 6000],
          ['ana+bo+cleo', 3000],
        ]),
      ),
    ).toEqual(['ana', null]);
  });

  it('looks around during a long talk and comes back', () => {
    const cuts = play([['ana', LONG_TALK_MS + LOOK_AROUND_MS + 3000]]);
    expect(subjects(cuts)).toEqual(['ana', null, 'ana']);
    expect(cuts[2]!.atMs - cuts[1]!.atMs).toBeGreaterThanOrEqual(LOOK_AROUND_MS);
  });

  it('changes no more often than every four seconds, whoever speaks however', () => {
    const part = fc.tuple(
      fc.subarray(['ana', 'bo', 'cleo', 'me']).map((ids) => ids.join('+')),
      fc.integer({ min: 50, max: 9000 }),
    );
    fc.assert(
      fc.property(fc.array(part, { minLength: 1, maxLength: 30 }), (script) => {
        const cuts = play(script);
        for (const [i, cut] of cuts.slice(1).entries()) {
          expect(cut.atMs - cuts[i]!.atMs).toBeGreaterThanOrEqual(CUT_EVERY_MS);
          expect(cut.subject).not.toBe(cuts[i]!.subject);
        }
      }),
    );
  });

  it('is everybody where who was shown has left and nobody else speaks', () => {
    const choice = new SpeakerChoice();
    const isSpeaking = (id: string) => id === 'ana';
    for (let nowMs = 0; nowMs < 6000; nowMs += FRAME_MS) choice.update(PEOPLE, isSpeaking, nowMs);
    expect(choice.subject).toBe('ana');
    for (let nowMs = 6000; nowMs < 12_000; nowMs += FRAME_MS) choice.update(PEOPLE.slice(1), () => false, nowMs);
    expect(choice.subject).toBeNull();
  });
});
