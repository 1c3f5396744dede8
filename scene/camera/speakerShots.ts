import { type CameraBounds, clamp, type Point } from './cameraBounds';
import { type FramedPerson, faceSeen, hidden } from './framing';
import { limitOrbit, type OrbitView, orbitPosition, Projection } from './orbitView';

/** The picture changes no more often than this. */
export const CUT_EVERY_MS = 4000;
/** A "yes" or a cough is no speech: who is to be shown has spoken for so long. */
export const HEARD_FOR_MS = 700;
/** A pause for thought is not the end. */
export const PAUSE_MS = 1200;
/** After so much silence everybody is shown. */
export const SILENCE_MS = 9000;
/** Who speaks longer than this is left for a look at everybody, of this length. */
export const LONG_TALK_MS = 24_000;
export const LOOK_AROUND_MS = 5000;
/** Where so many speak at once, everybody is shown. */
const CROWD = 3;

/** Somebody whose voice may be followed: everybody but oneself. */
export interface Followed {
  readonly id: string;
  readonly isSelf: boolean;
}

interface Voice {
  sinceMs: number;
  lastMs: number;
}

/** Whom a camera that follows the speakers shows: a person's id, or null for everybody. */
export class SpeakerChoice {
  subject: string | null = null;
  private readonly voices = new Map<string, Voice>();
  private cutMs = Number.NEGATIVE_INFINITY;
  private heardMs = Number.NEGATIVE_INFINITY;

  /**
   * Takes note of who of `people` speaks at `nowMs`; one's own voice is not followed. True where the picture changes to another {@link subject}. Between
   * two changes there are always {@link CUT_EVERY_MS}.
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

  /** Whether who is shown is still in the room. */
  private isAmong(people: readonly Followed[]): boolean {
    for (const { id } of people) if (id === this.subject) return true;
    return false;
  }

  /** Whether everybody is shown for a moment though somebody speaks on. */
  private isLookingAround(nowMs: number): boolean {
    return nowMs - this.cutMs < LOOK_AROUND_MS;
  }

  private isHeard(id: string, nowMs: number): boolean {
    const voice = this.voices.get(id);
    return voice !== undefined && nowMs - voice.lastMs <= PAUSE_MS;
  }

  /** Who of those speaking has done so longest, or null where nobody has for long enough. */
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

/** Nobody's head is nearer to the camera than this, metres. */
export const HEAD_CLEARANCE = 0.55;
/** Who sits within this of somebody is their neighbour, metres. */
const NEIGHBOUR_WITHIN = 1.35;

/** Views that are tried: aside from straight before the face, upwards (radians), distances (metres). */
const ASIDE = [0, 0.24, -0.24, 0.46, -0.46, 0.7, -0.7, 0.95, -0.95, 1.25, -1.25] as const;
const ELEVATIONS = [0.03, 0.12, 0.22, 0.34, 0.5] as const;
const DISTANCES = [1.6, 2, 2.4, 2.9, 3.5, 4.2] as const;

/** The face looks at this height in the picture's middle, metres below the eyes: the table's edge is in it too. */
const LOOK_BELOW_EYES = 0.14;

const FACE_WORTH = 2.4;
const COVER_COST = 6;
const NEIGHBOUR_WORTH = 0.9;
const COMPANY_WORTH = 0.12;
const DISTANCE_COST = 0.75;
const ELEVATION_COST = 0.9;

/** How far away a face is liked: on an upright phone farther, so that the neighbours are in the picture too. */
const likedDistance = (aspect: number): number => 2.1 + 1.2 * clamp((1.1 - aspect) / 0.6, 0, 1);

const camera: Point = { x: 0, y: 0, z: 0 };
const at: Point = { x: 0, y: 0, z: 0 };

/** 1 where a face is well inside the picture, less towards its rim, 0 outside. */
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

/** A head so near that it fills the picture, whoever's it is, is no company. */
const NEAR_HEAD = 1.5;
const NEAR_HEAD_COST = 2.2;

function inTheWay(projection: Projection, { x, z, eyeY }: FramedPerson): number {
  projection.project(x, eyeY, z, at);
  const isSeen = at.z > 0 && Math.abs(at.x) < 1.25 && Math.abs(at.y) < 1.4;
  return isSeen ? NEAR_HEAD_COST * Math.max(0, NEAR_HEAD - at.z) : 0;
}

function company(view: OrbitView, people: readonly FramedPerson[], subject: FramedPerson, aspect: number): number {
  const projection = new Projection(view, aspect);
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
 * The view that shows one person as they speak: their face a little from the side, nobody before it, their neighbours
 * beside them where there is room. The camera is in nobody's head. `people` includes `subject`.
 */
export function frameSpeaker(
  people: readonly FramedPerson[],
  subject: FramedPerson,
  aspect: number,
  bounds: CameraBounds,
): OrbitView {
  const target = { x: subject.x, y: subject.eyeY - LOOK_BELOW_EYES, z: subject.z };
  const liked = likedDistance(aspect);
  let best: OrbitView = { target, azimuth: subject.yawRad, elevation: 0.5, distance: 2 };
  let bestScore = Number.NEGATIVE_INFINITY;
  for (const distance of DISTANCES) {
    for (const elevation of ELEVATIONS) {
      for (const aside of ASIDE) {
        const view = { target, azimuth: subject.yawRad + aside, elevation, distance };
        limitOrbit(view, bounds);
        orbitPosition(view, camera);
        if (isTooNear(people)) continue;
        const worth =
          FACE_WORTH * faceSeen(subject, camera) -
          COVER_COST * coverOf(subject, people) -
          DISTANCE_COST * Math.abs(view.distance - liked) -
          ELEVATION_COST * Math.abs(elevation - 0.14) +
          company(view, people, subject, aspect);
        if (worth > bestScore) [best, bestScore] = [view, worth];
      }
    }
  }
  return { ...best, target: { ...target } };
}
