import { type CameraBounds, clamp } from './cameraBounds';
import { overTableFov } from './fieldOfView';
import { type FramedPerson, faceSeen, middleOf, personFit } from './framing';
import { limitOrbit, type OrbitView, orbitPosition } from './orbitView';
import { Projection } from './projection';

const AZIMUTHS = 24;
const ELEVATIONS = [0.68, 0.82, 0.98] as const;
const DISTANCES = [2.6, 3.1, 3.6, 4.2, 4.9, 5.6] as const;
/** The eye falls on the table among the people, metres. */
const LOOK_AT_Y = 0.66;
const FIT_WORTH = 4;
const FACE_WORTH = 1;
const DISTANCE_COST = 0.1;

const camera = { x: 0, y: 0, z: 0 };

function worthOf(view: OrbitView, people: readonly FramedPerson[], aspect: number): number {
  const projection = new Projection(view, aspect, overTableFov(aspect));
  orbitPosition(view, camera);
  let sum = 0;
  for (const person of people) {
    sum += FIT_WORTH * personFit(projection, view, person);
    if (!person.isSelf) sum += FACE_WORTH * clamp(faceSeen(person, camera), -0.5, 1);
  }
  return sum / Math.max(1, people.length) - DISTANCE_COST * view.distance;
}

/** The view from high above the table: who sits where, and all of them as far as they fit. */
export function frameOverTable(people: readonly FramedPerson[], aspect: number, bounds: CameraBounds): OrbitView {
  const middle = people.length > 0 ? middleOf(people) : { x: 0, y: 0, z: 0 };
  const target = { x: middle.x, y: LOOK_AT_Y, z: middle.z };
  let best: OrbitView = { target, azimuth: -Math.PI / 2, elevation: 0.76, distance: 3.6 };
  let bestScore = Number.NEGATIVE_INFINITY;
  for (const distance of DISTANCES) {
    for (const elevation of ELEVATIONS) {
      for (let i = 0; i < AZIMUTHS; i += 1) {
        const view = { target, azimuth: (i / AZIMUTHS) * 2 * Math.PI, elevation, distance };
        limitOrbit(view, bounds);
        const worth = worthOf(view, people, aspect);
        if (worth > bestScore) [best, bestScore] = [view, worth];
      }
    }
  }
  limitOrbit(best, bounds);
  return { ...best, target: { ...target } };
}
