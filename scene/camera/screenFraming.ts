import { type CameraBounds, clamp, type Point } from './cameraBounds';
import { type FramedPerson, faceSeen, hidden, middleOf, personFit, type Spot } from './framing';
import { limitOrbit, type OrbitView, orbitPosition, Projection } from './orbitView';

/** A screen to be in the picture: its middle, half its size in metres, and the direction it looks in. */
export interface FramedScreen extends Point {
  readonly halfWidth: number;
  readonly halfHeight: number;
  /** About +Y; 0 looks along +Z. */
  readonly yawRad: number;
  /** What hangs in the room and may cover it: a place on the floor and a height. */
  readonly obstacles: readonly Spot[];
}

/** How much of the picture's half the screen may fill: room for its caption above, none needed for the dock. */
const FILL_X = 0.95;
const FILL_TOP = 0.84;
const FILL_BOTTOM = 0.9;

/** Views that are tried: aside from straight before the screen, upwards (radians), from the people to the screen. */
const ASIDE = [-0.72, -0.54, -0.38, -0.24, -0.12, 0, 0.12, 0.24, 0.38, 0.54, 0.72] as const;
const ELEVATIONS = [0.02, 0.1, 0.18, 0.28] as const;
const TOWARDS_SCREEN = [0.1, 0.28, 0.46] as const;
const NEAREST = 2;
const DISTANCE_STEP = 0.55;

/** The screen whole is worth most; then a screen that can be read; then every person in the picture. */
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

/** 1 where the whole screen is in the picture, less the more is cut off; and how much of the picture it fills. */
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

/** What of the screen is looked for behind people and lamps. */
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

/** All that stays the same for every view that is tried. */
function scorer(people: readonly FramedPerson[], screen: FramedScreen, aspect: number) {
  const corners = [-1, 1].flatMap((aside) => [-1, 1].map((up) => pointOf(screen, aside, up)));
  const obstacles = [...people, ...screen.obstacles];
  const covered = COVERED.map(([aside, up]) => pointOf(screen, aside, up));
  return (view: OrbitView, asideRad: number, worthMin: number): number => {
    const projection = new Projection(view, aspect);
    const { fit, size } = screenSeen(projection, corners);
    if (fit === 0) return Number.NEGATIVE_INFINITY;
    orbitPosition(view, camera);
    let seen = 0;
    for (const person of people) {
      const whole = personFit(projection, view, person);
      seen += PERSON_FIT_WORTH * whole + FACE_WORTH * whole * faceSeen(person, camera);
    }
    const worth = SCREEN_FIT_WORTH * fit + SCREEN_SIZE_WORTH * size + seen / Math.max(1, people.length);
    const open = worth - ASIDE_COST * Math.abs(asideRad);
    // Looking for what is in the way costs most: not where the view would lose anyway.
    return open <= worthMin ? open : open - SCREEN_COVER_WORTH * coverOf(covered, obstacles);
  };
}

/** The view that shows the screen whole, large and unhidden, and of the people as many as it can. */
export function frameScreen(
  people: readonly FramedPerson[],
  screen: FramedScreen,
  aspect: number,
  bounds: CameraBounds,
): OrbitView {
  const middle = people.length > 0 ? middleOf(people) : NOBODY;
  const score = scorer(people, screen, aspect);
  const view: OrbitView = { target: { ...middle }, azimuth: 0, elevation: 0, distance: 0 };
  let best: OrbitView = { ...view, target: { ...middle }, azimuth: screen.yawRad, elevation: 0.1, distance: 6 };
  let bestScore = Number.NEGATIVE_INFINITY;
  for (const share of TOWARDS_SCREEN) {
    view.target.x = middle.x + (screen.x - middle.x) * share;
    view.target.y = middle.y + (screen.y - middle.y) * share;
    view.target.z = middle.z + (screen.z - middle.z) * share;
    for (const aside of ASIDE) {
      for (const elevation of ELEVATIONS) {
        for (let distance = NEAREST; ; distance += DISTANCE_STEP) {
          Object.assign(view, { azimuth: screen.yawRad + aside, elevation, distance });
          limitOrbit(view, bounds);
          const worth = score(view, aside, bestScore);
          if (worth > bestScore) {
            bestScore = worth;
            best = { ...view, target: { ...view.target } };
          }
          if (view.distance < distance) break;
        }
      }
    }
  }
  limitOrbit(best, bounds);
  return best;
}
