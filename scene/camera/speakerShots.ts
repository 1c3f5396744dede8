import { type CameraBounds, clamp, type Point } from './cameraBounds';
import { type FramedPerson, faceSeen, hidden } from './framing';
import { limitShot, Projection, type Shot, shotPosition } from './shot';

/** Least time between two cuts. */
export const CUT_EVERY_MS = 4000;
/** A "yes" or a cough is not speech: a person is shown after speaking for this long. */
export const HEARD_FOR_MS = 700;
/** A shorter silence is a pause for thought, not the end. */
export const PAUSE_MS = 1200;
/** After this much silence the shot is of everybody. */
export const SILENCE_MS = 9000;
/** A long talk is interrupted after this time by a look at everybody, of this length. */
export const LONG_TALK_MS = 24_000;
/** */
export const LOOK_AROUND_MS = 5000;
/** If this many speak at once, the shot is of everybody. */
const CROWD = 3;

/** A person whose voice may be followed. The local participant's is not. */
export interface Followed {
  readonly id: string;
  readonly isSelf: boolean;
}

interface Voice {
  sinceMs: number;
  lastMs: number;
}

/** Decides whom a camera that follows the speakers shows: a person by id, or null for everybody. */
export class SpeakerChoice {
  subject: string | null = null;
  private readonly voices = new Map<string, Voice>();
  private cutMs = Number.NEGATIVE_INFINITY;
  private heardMs = Number.NEGATIVE_INFINITY;

  /**
   * Notes which of `people` speak at `nowMs`. Returns true if the {@link subject} changes, which it does at most once
   * in {@link CUT_EVERY_MS}.
   */
  update(people: readonly Followed[], isSpeaking: (id: string) => boolean, nowMs: number): boolean {
    const speaking = this.listen(people, isSpeaking, nowMs);
    if (nowMs - this.cutMs < CUT_EVERY_MS) return false;
    const next = this.next(people, speaking, nowMs);
    if (next === this.subject) return false;
    this.subject = next;
    this.cutMs = nowMs;
    return true;
  }

  private listen(people: readonly Followed[], isSpeaking: (id: string) => boolean, nowMs: number): number {
    let speaking = 0;
    for (const { id, isSelf } of people) {
      if (isSelf) continue;
      const voice = this.voiceOf(id, nowMs);
      if (isSpeaking(id)) {
        speaking += 1;
        voice.lastMs = nowMs;
        this.heardMs = nowMs;
      } else if (nowMs - voice.lastMs > PAUSE_MS) {
        voice.sinceMs = nowMs;
      }
    }
    return speaking;
  }

  private voiceOf(id: string, nowMs: number): Voice {
    let voice = this.voices.get(id);
    if (!voice) {
      voice = { sinceMs: nowMs, lastMs: Number.NEGATIVE_INFINITY };
      this.voices.set(id, voice);
    }
    return voice;
  }

  private next(people: readonly Followed[], speaking: number, nowMs: number): string | null {
    if (speaking >= CROWD || nowMs - this.heardMs > SILENCE_MS) return null;
    const isThere = this.isAmong(people);
    const longest = this.longestHeard(people, nowMs);
    if (!isThere) return this.isLookingAround(nowMs) ? null : longest;
    if (!this.isHeard(this.subject!, nowMs)) return longest ?? this.subject;
    return nowMs - this.cutMs > LONG_TALK_MS ? null : this.subject;
  }

  /** Whether the person shown is still in the room. */
  private isAmong(people: readonly Followed[]): boolean {
    for (const { id } of people) if (id === this.subject) return true;
    return false;
  }

  /** Whether the camera looks around during a long talk. */
  private isLookingAround(nowMs: number): boolean {
    return nowMs - this.cutMs < LOOK_AROUND_MS;
  }

  private isHeard(id: string, nowMs: number): boolean {
    const voice = this.voices.get(id);
    return voice !== undefined && nowMs - voice.lastMs <= PAUSE_MS;
  }

  /** The person who has been speaking longest, or null if none has for long enough. */
  private longestHeard(people: readonly Followed[], nowMs: number): string | null {
    let longest: string | null = null;
    let sinceMs = nowMs - HEARD_FOR_MS;
    for (const { id } of people) {
      if (!this.isHeard(id, nowMs)) continue;
      const voice = this.voices.get(id)!;
      if (voice.sinceMs > sinceMs) continue;
      sinceMs = voice.sinceMs;
      longest = id;
    }
    return longest;
  }
}

/** The camera keeps at least this far from every head, metres. */
export const HEAD_CLEARANCE = 0.55;
/** People within this distance of each other are neighbours, metres. */
const NEIGHBOUR_WITHIN = 1.35;

/** Shots to try: aside from straight in front of the face and upwards (radians), distances (metres). */
const ASIDE = [0, 0.24, -0.24, 0.46, -0.46, 0.7, -0.7, 0.95, -0.95, 1.25, -1.25] as const;
const ELEVATIONS = [0.03, 0.12, 0.22, 0.34, 0.5] as const;
const DISTANCES = [1.6, 2, 2.4, 2.9, 3.5, 4.2] as const;

/** The middle of the picture is this far below the eyes, metres, so that the table's edge is in it too. */
const LOOK_BELOW_EYES = 0.14;

const FACE_WORTH = 2.4;
const COVER_COST = 6;
const NEIGHBOUR_WORTH = 0.9;
const COMPANY_WORTH = 0.12;
const DISTANCE_COST = 0.75;
const ELEVATION_COST = 0.9;

/** Preferred distance of a face, metres: farther on an upright phone, to fit the neighbours in. */
const likedDistance = (aspect: number): number => 2.1 + 1.2 * clamp((1.1 - aspect) / 0.6, 0, 1);

const camera: Point = { x: 0, y: 0, z: 0 };
const at: Point = { x: 0, y: 0, z: 0 };

/** 1 if a face is well inside the picture, less towards the edge, 0 outside. */
function faceFit(projection: Projection, { x, z, eyeY }: FramedPerson): number {
  projection.project(x, eyeY, z, at);
  if (at.z < HEAD_CLEARANCE) return 0;
  return 1 - clamp(Math.max(Math.abs(at.x) - 0.72, Math.abs(at.y - 0.05) - 0.6) * 4, 0, 1);
}

function coverOf(person: FramedPerson, people: readonly FramedPerson[]): number {
  let most = 0;
  for (const other of people) if (other !== person) most = Math.max(most, hidden(person, other, camera));
  return most;
}

function isTooNear(people: readonly FramedPerson[]): boolean {
  return people.some(({ x, eyeY, z }) => Math.hypot(camera.x - x, camera.y - eyeY, camera.z - z) < HEAD_CLEARANCE);
}

/** A head nearer than this fills the picture and counts against the shot, metres. */
const NEAR_HEAD = 1.5;
const NEAR_HEAD_COST = 2.2;

function inTheWay(projection: Projection, { x, z, eyeY }: FramedPerson): number {
  projection.project(x, eyeY, z, at);
  const isSeen = at.z > 0 && Math.abs(at.x) < 1.25 && Math.abs(at.y) < 1.4;
  return isSeen ? NEAR_HEAD_COST * Math.max(0, NEAR_HEAD - at.z) : 0;
}

function company(shot: Shot, people: readonly FramedPerson[], subject: FramedPerson, aspect: number): number {
  const projection = new Projection(shot, aspect);
  let sum = 0;
  for (const person of people) {
    if (person === subject) continue;
    const isNeighbour = Math.hypot(person.x - subject.x, person.z - subject.z) < NEIGHBOUR_WITHIN;
    const seen = faceFit(projection, person) * clamp(0.4 + faceSeen(person, camera), 0, 1);
    sum -= inTheWay(projection, person);
    sum += (isNeighbour ? NEIGHBOUR_WORTH : COMPANY_WORTH) * seen;
  }
  return sum;
}

/**
 * The shot of one speaker: their face a little from the side with nobody in front of it, their neighbours beside them
 * if there is room, and the camera clear of every head. `people` includes `subject`.
 */
export function frameSpeaker(
  people: readonly FramedPerson[],
  subject: FramedPerson,
  aspect: number,
  bounds: CameraBounds,
): Shot {
  const target = { x: subject.x, y: subject.eyeY - LOOK_BELOW_EYES, z: subject.z };
  const liked = likedDistance(aspect);
  let best: Shot = { target, azimuth: subject.yawRad, elevation: 0.5, distance: 2 };
  let bestScore = Number.NEGATIVE_INFINITY;
  for (const distance of DISTANCES) {
    for (const elevation of ELEVATIONS) {
      for (const aside of ASIDE) {
        const shot = { target, azimuth: subject.yawRad + aside, elevation, distance };
        limitShot(shot, bounds);
        shotPosition(shot, camera);
        if (isTooNear(people)) continue;
        const worth =
          FACE_WORTH * faceSeen(subject, camera) -
          COVER_COST * coverOf(subject, people) -
          DISTANCE_COST * Math.abs(shot.distance - liked) -
          ELEVATION_COST * Math.abs(elevation - 0.14) +
          company(shot, people, subject, aspect);
        if (worth > bestScore) [best, bestScore] = [shot, worth];
      }
    }
  }
  return { ...best, target: { ...target } };
}
