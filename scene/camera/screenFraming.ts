import { type CameraBounds, clamp, type Point } from './cameraBounds';
import { type FramedPerson, faceSeen, hidden, middleOf, personFit, type Spot } from './framing';
import { limitShot, Projection, type Shot, shotPosition } from './shot';

/** A screen to frame: its middle, half its size in metres, and the direction it faces. */
export interface FramedScreen extends Point {
  readonly halfWidth: number;
  readonly halfHeight: number;
  /** About +Y; 0 looks along +Z. */
  readonly yawRad: number;
  /** What hangs in the room and may cover it. */
  readonly obstacles: readonly Spot[];
}

/**
 * Share of the half picture that the screen may fill: leaves room for its caption above; the dock may cover its foot.
 */
const FILL_X = 0.95;
const FILL_TOP = 0.84;
const FILL_BOTTOM = 0.9;

/**
 * Shots to try: aside from straight in front of the screen, upwards (radians), and targets from the people (0) to the
 * screen (1).
 */
const ASIDE = [-0.72, -0.54, -0.38, -0.24, -0.12, 0, 0.12, 0.24, 0.38, 0.54, 0.72] as const;
const ELEVATIONS = [0.02, 0.1, 0.18, 0.28] as const;
const TOWARDS_SCREEN = [0.1, 0.28, 0.46] as const;
const NEAREST = 2;
const DISTANCE_STEP = 0.55;

/** A whole screen is worth most, then a readable one, then each person in the picture. */
const SCREEN_FIT_WORTH = 14;
const SCREEN_SIZE_WORTH = 7;
const SCREEN_COVER_WORTH = 5;
const PERSON_FIT_WORTH = 2.5;
const FACE_WORTH = 1;
const ASIDE_COST = 2.2;

const NOBODY: Point = { x: 0, y: 0.85, z: 0 };
const corner: Point = { x: 0, y: 0, z: 0 };
const camera: Point = { x: 0, y: 0, z: 0 };

/** A point of the screen: shares -1..1 of its half sizes. */
function pointOf(screen: FramedScreen, aside: number, up: number): Spot {
  return {
    x: screen.x + Math.cos(screen.yawRad) * screen.halfWidth * aside,
    eyeY: screen.y + screen.halfHeight * up,
    z: screen.z - Math.sin(screen.yawRad) * screen.halfWidth * aside,
  };
}

/**
 * `fit`: 1 if the whole screen is in the picture, less the more is cut off; `size`: how much of the picture it fills.
 */
function screenSeen(projection: Projection, corners: readonly Spot[]) {
  let worst = 0;
  let [left, right, low, high] = [9, -9, 9, -9];
  for (const { x, eyeY, z } of corners) {
    const at = projection.project(x, eyeY, z, corner);
    if (at.z < 0.4) return { fit: 0, size: 0 };
    worst = Math.max(worst, Math.abs(at.x) - FILL_X, at.y - FILL_TOP, -at.y - FILL_BOTTOM);
    [left, right] = [Math.min(left, at.x), Math.max(right, at.x)];
    [low, high] = [Math.min(low, at.y), Math.max(high, at.y)];
  }
  return { fit: 1 - clamp(worst * 2, 0, 1), size: Math.min(1, Math.max((right - left) / 2, (high - low) / 2)) };
}

/** Points of the screen that are checked for people and lamps in front of them. */
const COVERED = [
  [-0.8, -0.8],
  [-0.4, -0.8],
  [0, -0.8],
  [0.4, -0.8],
  [0.8, -0.8],
  [-0.5, -0.2],
  [0, -0.2],
  [0.5, -0.2],
  [-0.6, 0.85],
  [-0.2, 0.85],
  [0.2, 0.85],
  [0.6, 0.85],
  [0, 0.5],
] as const;

function coverOf(points: readonly Spot[], obstacles: readonly Spot[]): number {
  let sum = 0;
  for (const point of points) {
    sum += obstacles.reduce((most, obstacle) => Math.max(most, hidden(point, obstacle, camera)), 0);
  }
  return sum / points.length;
}

/** Scores shots; holds what is the same for all of them. */
function scorer(people: readonly FramedPerson[], screen: FramedScreen, aspect: number) {
  const corners = [-1, 1].flatMap((aside) => [-1, 1].map((up) => pointOf(screen, aside, up)));
  const obstacles = [...people, ...screen.obstacles];
  const covered = COVERED.map(([aside, up]) => pointOf(screen, aside, up));
  return (shot: Shot, asideRad: number, worthMin: number): number => {
    const projection = new Projection(shot, aspect);
    const { fit, size } = screenSeen(projection, corners);
    if (fit === 0) return Number.NEGATIVE_INFINITY;
    shotPosition(shot, camera);
    let seen = 0;
    for (const person of people) {
      const whole = personFit(projection, shot, person);
      seen += PERSON_FIT_WORTH * whole + FACE_WORTH * whole * faceSeen(person, camera);
    }
    const worth = SCREEN_FIT_WORTH * fit + SCREEN_SIZE_WORTH * size + seen / Math.max(1, people.length);
    const open = worth - ASIDE_COST * Math.abs(asideRad);
    // What covers the screen is the most expensive question: not asked of a shot that loses anyway.
    return open <= worthMin ? open : open - SCREEN_COVER_WORTH * coverOf(covered, obstacles);
  };
}

/** The shot that shows the screen whole, large and uncovered, with as many people as fit. */
export function frameScreen(
  people: readonly FramedPerson[],
  screen: FramedScreen,
  aspect: number,
  bounds: CameraBounds,
): Shot {
  const middle = people.length > 0 ? middleOf(people) : NOBODY;
  const score = scorer(people, screen, aspect);
  const shot: Shot = { target: { ...middle }, azimuth: 0, elevation: 0, distance: 0 };
  let best: Shot = { ...shot, target: { ...middle }, azimuth: screen.yawRad, elevation: 0.1, distance: 6 };
  let bestScore = Number.NEGATIVE_INFINITY;
  for (const share of TOWARDS_SCREEN) {
    shot.target.x = middle.x + (screen.x - middle.x) * share;
    shot.target.y = middle.y + (screen.y - middle.y) * share;
    shot.target.z = middle.z + (screen.z - middle.z) * share;
    for (const aside of ASIDE) {
      for (const elevation of ELEVATIONS) {
        for (let distance = NEAREST; ; distance += DISTANCE_STEP) {
          Object.assign(shot, { azimuth: screen.yawRad + aside, elevation, distance });
          limitShot(shot, bounds);
          const worth = score(shot, aside, bestScore);
          if (worth > bestScore) {
            bestScore = worth;
            best = { ...shot, target: { ...shot.target } };
          }
          if (shot.distance < distance) break;
        }
      }
    }
  }
  limitShot(best, bounds);
  return best;
}
