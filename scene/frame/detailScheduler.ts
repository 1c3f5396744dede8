import { Matrix4, type PerspectiveCamera, type Vector3 } from 'three';
import type { DetailCaps } from './detailCaps';
import { distancesToPixels, FINEST_LEVEL, type LodView, nextLevel, TIER_COUNT, tierAt } from './detailTiers';

/** A person who may be in the picture. */
export interface Culled {
  readonly id: string;
  /** Place on the floor, metres. */
  readonly position: Vector3;
  /** Whether there is something to show. */
  readonly isShown: boolean;
  visible: boolean;
}

/** A sphere around a person with outstretched arms, metres. */
const BODY_RADIUS = 1.05;
const BODY_MIDDLE_Y = 0.75;

const PLANES = 6;
const viewProjection = new Matrix4();
/** The six planes of the picture, facing inwards: unit normal and distance. Not three's planes, which box numbers. */
const planes = new Float64Array(PLANES * 4);

/** Marks who is in the picture; `hiddenId` never is. */
export function cull(people: readonly Culled[], camera: PerspectiveCamera, hiddenId: string | null): void {
  viewProjection.multiplyMatrices(camera.projectionMatrix, camera.matrixWorldInverse);
  writePlanes(viewProjection.elements);
  for (let i = 0; i < people.length; i += 1) {
    const person = people[i]!;
    person.visible = person.id !== hiddenId && person.isShown && isInPicture(person.position);
  }
}

/**
 * Writes left, right, bottom, top, near and far of a clip matrix (column by column): its last row plus or minus
 * another.
 */
function writePlanes(matrix: readonly number[]): void {
  for (let plane = 0; plane < PLANES; plane += 1) {
    const row = plane >> 1;
    const sign = plane % 2 === 0 ? 1 : -1;
    for (let k = 0; k < 4; k += 1) planes[plane * 4 + k] = matrix[k * 4 + 3]! + sign * matrix[k * 4 + row]!;
    normalise(plane * 4);
  }
}

function normalise(at: number): void {
  const scale = 1 / Math.sqrt(planes[at]! ** 2 + planes[at + 1]! ** 2 + planes[at + 2]! ** 2);
  for (let k = 0; k < 4; k += 1) planes[at + k]! *= scale;
}

function isInPicture(place: Vector3): boolean {
  for (let at = 0; at < planes.length; at += 4) {
    const middle = planes[at]! * place.x + planes[at + 1]! * (place.y + BODY_MIDDLE_Y) + planes[at + 2]! * place.z;
    if (middle + planes[at + 3]! < -BODY_RADIUS) return false;
  }
  return true;
}

/** A person whose detail is chosen. */
export interface Detailed extends Culled {
  readonly model: { readonly triangles: readonly number[] };
  readonly speaking: { readonly isOn: boolean };
  /** Level of detail of the mesh, 0 the finest. */
  level: number;
  /** See `detailTiers`. */
  tier: number;
  /** Whether hair and clothes swing. */
  swings: boolean;
}

/** Factor of the score of a person who speaks: they come before everyone who doesn't. */
const SPEAKING_RANKS = 1e4;
/** To take a place in a better tier, a person has to be this much larger than the one who has it. */
const STICKINESS = 1.2;

/**
 * Decides in every frame how well each person is drawn: ranks people by their size in the picture, those who speak
 * first, deals out the tiers in that order, and chooses levels by size, by tier and by the triangles allowed for all.
 * A person does not flicker between two levels or tiers. Allocates only when the number of people changes.
 */
export class DetailScheduler {
  private pixels = new Float64Array(0);
  private scores = new Float64Array(0);
  /** Indices of people, best first; kept from frame to frame, since the order hardly changes. */
  private order = new Uint16Array(0);

  schedule(people: readonly Detailed[], camera: PerspectiveCamera, view: LodView, caps: DetailCaps): void {
    if (this.order.length !== people.length) this.resize(people.length);
    this.measure(people, camera, view);
    this.sort();
    this.dealTiers(people, caps);
    this.chooseLevels(people, view, caps.triangles);
  }

  private resize(count: number): void {
    this.pixels = new Float64Array(count);
    this.scores = new Float64Array(count);
    this.order = Uint16Array.from({ length: count }, (_, index) => index);
  }

  private measure(people: readonly Detailed[], camera: PerspectiveCamera, view: LodView): void {
    const { pixels, scores } = this;
    const { x, y, z } = camera.position;
    for (let i = 0; i < pixels.length; i += 1) {
      const { position } = people[i]!;
      pixels[i] = Math.sqrt((position.x - x) ** 2 + (position.y - y) ** 2 + (position.z - z) ** 2);
    }
    distancesToPixels(pixels, view);
    for (let i = 0; i < pixels.length; i += 1) {
      const person = people[i]!;
      // People outside the picture come last, in the order they would otherwise have.
      scores[i] = pixels[i]! * (person.visible ? 1 : 1e-4) * STICKINESS ** (TIER_COUNT - person.tier);
      if (person.visible && person.speaking.isOn) scores[i]! *= SPEAKING_RANKS;
    }
  }

  /** An insertion sort, which costs next to nothing for an order that was right a frame ago. */
  private sort(): void {
    const { order, scores } = this;
    for (let i = 1; i < order.length; i += 1) {
      const index = order[i]!;
      let at = i;
      for (; at > 0 && scores[order[at - 1]!]! < scores[index]!; at -= 1) order[at] = order[at - 1]!;
      order[at] = index;
    }
  }

  private dealTiers(people: readonly Detailed[], caps: DetailCaps): void {
    const { order } = this;
    for (let rank = 0; rank < order.length; rank += 1) {
      const person = people[order[rank]!]!;
      person.tier = tierAt(rank, caps);
      person.swings = rank < caps.swinging && person.visible;
    }
  }

  private chooseLevels(people: readonly Detailed[], view: LodView, triangles: number): void {
    const { order, pixels } = this;
    let left = triangles - coarsestTogether(people);
    for (let rank = 0; rank < order.length; rank += 1) {
      const index = order[rank]!;
      const person = people[index]!;
      if (!person.visible) continue;
      // Rounded, since V8 does not box whole numbers.
      const bySize = nextLevel(person.level, Math.round(pixels[index]!), view.coarseness);
      person.level = affordable(person.model.triangles, Math.max(bySize, FINEST_LEVEL[person.tier]!), left);
      left -= extraTriangles(person.model.triangles, person.level);
    }
  }
}

const last = (triangles: readonly number[]): number => triangles[triangles.length - 1]!;

function extraTriangles(triangles: readonly number[], level: number): number {
  return triangles[Math.min(level, triangles.length - 1)]! - last(triangles);
}

/** The finest level, from `finest` on, that costs no more than `left` triangles above the coarsest. */
function affordable(triangles: readonly number[], finest: number, left: number): number {
  let level = finest;
  while (level < triangles.length - 1 && extraTriangles(triangles, level) > left) level += 1;
  return level;
}

function coarsestTogether(people: readonly Detailed[]): number {
  let sum = 0;
  for (let i = 0; i < people.length; i += 1) if (people[i]!.visible) sum += last(people[i]!.model.triangles);
  return sum;
}
