import fc from 'fast-check';
import { PerspectiveCamera, Vector3 } from 'three';
import { describe, expect, it } from 'vitest';
import { orbitFov } from '@/scene/camera/fieldOfView';
import { type FramedPerson, hidden } from '@/scene/camera/framing';
import { type Shot, shotPosition } from '@/scene/camera/shot';
import {
  CUT_EVERY_MS,
  frameSpeaker,
  HEAD_CLEARANCE,
  HEARD_FOR_MS,
  LONG_TALK_MS,
  LOOK_AROUND_MS,
  PAUSE_MS,
  SILENCE_MS,
  SpeakerChoice,
} from '@/scene/camera/speakerShots';
import { createArrangement } from '@/scene/room/plan/arrangement';

const FRAME_MS = 50;
const PEOPLE = ['ana', 'bo', 'cleo', 'me'].map((id) => ({ id, isSelf: id === 'me' }));

interface Cut {
  readonly atMs: number;
  readonly subject: string | null;
}

/** Lets people speak in turn; returns the changes of subject with their times. */
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
  it('the subject is a person who has spoken for a moment', () => {
    const [cut] = play([
      ['', 2000],
      ['ana', 3000],
    ]);
    expect(cut?.subject).toBe('ana');
    expect(cut?.atMs).toBeGreaterThanOrEqual(2000 + HEARD_FOR_MS);
    expect(cut?.atMs).toBeLessThan(2000 + HEARD_FOR_MS + 3 * FRAME_MS);
  });

  it('neither a cough nor a pause for thought changes the subject', () => {
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

  it('the subject changes to the next speaker when the last one has finished', () => {
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

  it('the local participant is never the subject', () => {
    expect(play([['me', 20_000]])).toEqual([]);
  });

  it('everybody is shown after a silence, and while three speak at once', () => {
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

  it('a long talk is interrupted by a look at everybody', () => {
    const cuts = play([['ana', LONG_TALK_MS + LOOK_AROUND_MS + 3000]]);
    expect(subjects(cuts)).toEqual(['ana', null, 'ana']);
    expect(cuts[2]!.atMs - cuts[1]!.atMs).toBeGreaterThanOrEqual(LOOK_AROUND_MS);
  });

  it('the subject changes at most every four seconds, however people speak', () => {
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

  it('everybody is shown when the subject has left and no one else speaks', () => {
    const choice = new SpeakerChoice();
    const isSpeaking = (id: string) => id === 'ana';
    for (let nowMs = 0; nowMs < 6000; nowMs += FRAME_MS) choice.update(PEOPLE, isSpeaking, nowMs);
    expect(choice.subject).toBe('ana');
    for (let nowMs = 6000; nowMs < 12_000; nowMs += FRAME_MS) choice.update(PEOPLE.slice(1), () => false, nowMs);
    expect(choice.subject).toBeNull();
  });
});

const BOUNDS = { halfX: 5.9, halfZ: 4.7, minY: 0.3, maxY: 3 };
const [WIDE, PHONE] = [1.6, 390 / 844];

function sitting(count: number): FramedPerson[] {
  const { seats } = createArrangement(count > 6 ? 'arc' : 'table', 16);
  return seats
    .slice(0, count)
    .map(({ x, z, yawRad }, seat) => ({ id: `p${seat}`, x, z, yawRad, eyeY: 1.05, topY: 1.3, isSelf: false }));
}

function cameraOf(shot: Shot, aspect: number): PerspectiveCamera {
  const camera = new PerspectiveCamera(orbitFov(aspect), aspect, 0.08, 60);
  const at = shotPosition(shot, { x: 0, y: 0, z: 0 });
  camera.position.set(at.x, at.y, at.z);
  camera.lookAt(shot.target.x, shot.target.y, shot.target.z);
  camera.updateMatrixWorld();
  return camera;
}

const meetings = fc.integer({ min: 1, max: 16 }).chain((count) =>
  fc.record({
    people: fc.constant(sitting(count)),
    speaker: fc.integer({ min: 0, max: count - 1 }),
    aspect: fc.constantFrom(WIDE, PHONE, 1, 2.2),
  }),
);

describe('framing who speaks', () => {
  it("a speaker's face is in the picture, seen from the front and not hidden by anyone", () => {
    fc.assert(
      fc.property(meetings, ({ people, speaker, aspect }) => {
        const subject = people[speaker]!;
        const camera = cameraOf(frameSpeaker(people, subject, aspect, BOUNDS), aspect);
        const { position } = camera;
        const face = new Vector3(subject.x, subject.eyeY, subject.z).project(camera);
        expect(Math.abs(face.x)).toBeLessThan(0.5);
        expect(Math.abs(face.y)).toBeLessThan(0.5);
        const [dx, dz] = [position.x - subject.x, position.z - subject.z];
        const before = (Math.sin(subject.yawRad) * dx + Math.cos(subject.yawRad) * dz) / Math.hypot(dx, dz);
        expect(before).toBeGreaterThan(0.3);
        for (const other of people) if (other !== subject) expect(hidden(subject, other, position)).toBeLessThan(0.35);
      }),
      { numRuns: 60 },
    );
  });

  it('a speaker is framed from outside every head and inside the walls', () => {
    fc.assert(
      fc.property(meetings, ({ people, speaker, aspect }) => {
        const { position } = cameraOf(frameSpeaker(people, people[speaker]!, aspect, BOUNDS), aspect);
        for (const { x, eyeY, z } of people) {
          expect(position.distanceTo(new Vector3(x, eyeY, z))).toBeGreaterThanOrEqual(HEAD_CLEARANCE);
        }
        expect(Math.abs(position.x)).toBeLessThanOrEqual(BOUNDS.halfX + 1e-6);
        expect(Math.abs(position.z)).toBeLessThanOrEqual(BOUNDS.halfZ + 1e-6);
        expect(position.y).toBeLessThanOrEqual(BOUNDS.maxY + 1e-6);
      }),
      { numRuns: 60 },
    );
  });

  it.each([...Array(14).keys()])(
    'a speaker on an upright phone has a neighbour’s face beside them (seat %i of 16)',
    (seat) => {
      const people = sitting(16);
      const subject = people[seat]!;
      const camera = cameraOf(frameSpeaker(people, subject, PHONE, BOUNDS), PHONE);
      const beside = people.filter((person) => {
        const distance = Math.hypot(person.x - subject.x, person.z - subject.z);
        const face = new Vector3(person.x, person.eyeY, person.z).project(camera);
        return distance > 0 && distance < 1.35 && Math.abs(face.x) < 1 && Math.abs(face.y) < 1;
      });
      expect(beside.length).toBeGreaterThan(0);
    },
  );
});
