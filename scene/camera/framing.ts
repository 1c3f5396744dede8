import { type CameraBounds, clamp, type Point } from './cameraBounds';
import { overTableFov } from './fieldOfView';
import { limitShot, Projection, type Shot, shotPosition } from './shot';

/** A person to frame: place on the floor, direction of the face, heights in metres. */
export interface FramedPerson {
  readonly id: string;
  readonly x: number;
  readonly z: number;
  readonly yawRad: number;
  readonly eyeY: number;
  readonly topY: number;
  readonly isSelf: boolean;
}

/** A point about as wide as a head: its place on the floor and its height. */
export type Spot = Pick<FramedPerson, 'x' | 'z' | 'eyeY'>;

/** Share of the half picture that people may fill: leaves room for plates above and the dock below. */
const FILL_X = 0.84;
const FILL_TOP = 0.74;
const FILL_BOTTOM = 0.8;
/** How much of the body around the head should be in the picture, metres. */
const BODY_HALF_WIDTH = 0.3;
const BODY_BELOW_EYES = 0.42;
const PLATE_ABOVE_TOP = 0.12;
/** Closest distance, metres: a face must not fill the window. */
const NEAREST = 2.5;
const DISTANCE_STEP = 0.2;
/**
 * Preferred elevation, radians: nearly level in a wide window, higher in a tall one, which people then fill in depth.
 */
const likedElevation = (aspect: number): number => 0.24 + 0.3 * clamp(1.2 - aspect, 0, 0.7);
/** A person whole in the picture is worth more than any face seen better. */
const FIT_WORTH = 5;
const AZIMUTHS = 32;
const ELEVATIONS = [0.16, 0.24, 0.34, 0.46] as const;

const scratch: Point = { x: 0, y: 0, z: 0 };

/** Middle of the people's heads, a little below the eyes. */
export function middleOf(people: readonly FramedPerson[]): Point {
  const xs = people.map((person) => person.x);
  const zs = people.map((person) => person.z);
  const eyeY = people.reduce((sum, person) => sum + person.eyeY, 0) / people.length;
  return { x: (Math.min(...xs) + Math.max(...xs)) / 2, y: eyeY - 0.2, z: (Math.min(...zs) + Math.max(...zs)) / 2 };
}

const corner: Point = { x: 0, y: 0, z: 0 };

/** 1 if the whole person is in the picture, less the more is cut off. */
export function personFit(projection: Projection, shot: Shot, person: FramedPerson): number {
  const [sideX, sideZ] = [Math.cos(shot.azimuth) * BODY_HALF_WIDTH, -Math.sin(shot.azimuth) * BODY_HALF_WIDTH];
  let worst = 0;
  for (const side of [-1, 1]) {
    for (const y of [person.topY + PLATE_ABOVE_TOP, person.eyeY - BODY_BELOW_EYES]) {
      const at = projection.project(person.x + sideX * side, y, person.z + sideZ * side, corner);
      if (at.z < 0.4) return 0;
      worst = Math.max(worst, Math.abs(at.x) - FILL_X, at.y - FILL_TOP, -at.y - FILL_BOTTOM);
    }
  }
  return 1 - clamp(worst * 1.5, 0, 1);
}

/**
 * How well a face is seen: best a little from the side, 0 in profile, less from behind; never worth losing another face
 * for.
 */
export function faceSeen(person: FramedPerson, camera: Point): number {
  const dx = camera.x - person.x;
  const dz = camera.z - person.z;
  const dot = (Math.sin(person.yawRad) * dx + Math.cos(person.yawRad) * dz) / (Math.hypot(dx, dz) || 1);
  return dot - 0.45 * dot * dot - Math.max(0, dot - 0.88) * 2;
}

/** 1 if `other` hides `person` (a face, or any spot) from the camera, 0 if it does not. */
export function hidden(person: Spot, other: Spot, camera: Point): number {
  const ray = { x: person.x - camera.x, y: person.eyeY - camera.y, z: person.z - camera.z };
  const length = Math.hypot(ray.x, ray.y, ray.z);
  const t =
    ((other.x - camera.x) * ray.x + (other.eyeY - camera.y) * ray.y + (other.z - camera.z) * ray.z) / length ** 2;
  if (t <= 0 || t >= 1) return 0;
  const gap = Math.hypot(
    camera.x + ray.x * t - other.x,
    (camera.y + ray.y * t - other.eyeY) * 0.8,
    camera.z + ray.z * t - other.z,
  );
  return clamp(1.5 - gap / 0.24, 0, 1);
}

function score(shot: Shot, people: readonly FramedPerson[], subjects: readonly FramedPerson[], aspect: number): number {
  const projection = new Projection(shot, aspect);
  const camera = { ...shotPosition(shot, scratch) };
  let sum = 0;
  for (const person of subjects) {
    const cover = people.reduce(
      (most, other) => (other === person ? most : Math.max(most, hidden(person, other, camera))),
      0,
    );
    sum += faceSeen(person, camera) * (1 - cover) - cover * 0.7 + FIT_WORTH * personFit(projection, shot, person);
  }
  for (const person of people)
    if (person.isSelf && !subjects.includes(person)) sum += 0.4 * personFit(projection, shot, person);
  return sum / subjects.length - shot.distance * 0.09 - Math.abs(shot.elevation - likedElevation(aspect)) * 0.9;
}

/** Moves `shot` to the nearest distance at which everybody fits, or the farthest the room allows. */
function backOff(shot: Shot, people: readonly FramedPerson[], aspect: number, bounds: CameraBounds): Shot {
  for (let distance = NEAREST; ; distance += DISTANCE_STEP) {
    shot.distance = distance;
    limitShot(shot, bounds);
    const projection = new Projection(shot, aspect);
    if (shot.distance < distance - 1e-6 || people.every((person) => personFit(projection, shot, person) === 1))
      return shot;
  }
}

const EMPTY_ROOM: Shot = { target: { x: 0, y: 0.7, z: 0 }, azimuth: 0.6, elevation: 0.42, distance: 5.6 };

/**
 * The shot that shows the people best: the others' faces towards the camera, nobody hidden, all in the picture, close
 * up. Shows the local participant's face if they are alone.
 */
export function framePeople(people: readonly FramedPerson[], aspect: number, bounds: CameraBounds): Shot {
  if (people.length === 0) return { ...EMPTY_ROOM, target: { ...EMPTY_ROOM.target } };
  const others = people.filter((person) => !person.isSelf);
  const subjects = others.length > 0 ? others : people;
  const target = middleOf(people);
  let best: Shot | null = null;
  let bestScore = Number.NEGATIVE_INFINITY;
  for (let i = 0; i < AZIMUTHS * ELEVATIONS.length; i += 1) {
    const azimuth = (Math.floor(i / ELEVATIONS.length) / AZIMUTHS) * 2 * Math.PI;
    const elevation = ELEVATIONS[i % ELEVATIONS.length]!;
    const shot = backOff({ target: { ...target }, azimuth, elevation, distance: NEAREST }, people, aspect, bounds);
    const worth = score(shot, people, subjects, aspect);
    if (worth > bestScore) {
      bestScore = worth;
      best = shot;
    }
  }
  return best!;
}

const TABLE_AZIMUTHS = 24;
const TABLE_ELEVATIONS = [0.68, 0.82, 0.98] as const;
const TABLE_DISTANCES = [2.6, 3.1, 3.6, 4.2, 4.9, 5.6] as const;
/** Height of the target: the table among the people, metres. */
const LOOK_AT_Y = 0.66;
const TABLE_FIT_WORTH = 4;
const TABLE_FACE_WORTH = 1;
const TABLE_DISTANCE_COST = 0.1;

const camera = { x: 0, y: 0, z: 0 };

function worthOverTable(shot: Shot, people: readonly FramedPerson[], aspect: number): number {
  const projection = new Projection(shot, aspect, overTableFov(aspect));
  shotPosition(shot, camera);
  const isAlone = people.length === 1;
  let sum = 0;
  for (const person of people) {
    sum += TABLE_FIT_WORTH * personFit(projection, shot, person);
    if (!person.isSelf || isAlone) sum += TABLE_FACE_WORTH * clamp(faceSeen(person, camera), -0.5, 1);
  }
  return sum / Math.max(1, people.length) - TABLE_DISTANCE_COST * shot.distance;
}

/** The shot from high above the table that shows who sits where, with as many people as fit. */
export function frameOverTable(people: readonly FramedPerson[], aspect: number, bounds: CameraBounds): Shot {
  const middle = people.length > 0 ? middleOf(people) : { x: 0, y: 0, z: 0 };
  const target = { x: middle.x, y: LOOK_AT_Y, z: middle.z };
  let best: Shot = { target, azimuth: -Math.PI / 2, elevation: 0.76, distance: 3.6 };
  let bestScore = Number.NEGATIVE_INFINITY;
  for (const distance of TABLE_DISTANCES) {
    for (const elevation of TABLE_ELEVATIONS) {
      for (let i = 0; i < TABLE_AZIMUTHS; i += 1) {
        const shot = { target, azimuth: (i / TABLE_AZIMUTHS) * 2 * Math.PI, elevation, distance };
        limitShot(shot, bounds);
        const worth = worthOverTable(shot, people, aspect);
        if (worth > bestScore) [best, bestScore] = [shot, worth];
      }
    }
  }
  limitShot(best, bounds);
  return { ...best, target: { ...target } };
}
