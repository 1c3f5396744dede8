import type { PerspectiveCamera } from 'three';
import type { Culled } from './culling';
import type { DetailCaps } from './detailCaps';
import { FINEST_LEVEL, TIER_COUNT, tierAt } from './detailTier';
import { BODY_HEIGHT, type LodView, NEAREST_M, nextLevel, projectedPixels } from './levelOfDetail';

/** Somebody whose detail is chosen. */
export interface Detailed extends Culled {
  readonly model: { readonly triangles: readonly number[] };
  readonly speaking: { readonly isOn: boolean };
  /** Level of detail of the mesh, 0 the finest. */
  level: number;
  /** See `detailTier`. */
  tier: number;
  /** Whether hair and clothes swing. */
  swings: boolean;
}

/** Whoever speaks comes before everybody who doesn't. */
const SPEAKING_RANKS = 1e4;
/** To take the place of somebody of a better tier, one has to be this much larger. */
const STICKINESS = 1.2;

/**
 * Decides every frame how well everybody is drawn: ranks people by how large they are in the picture, those who speak
 * first, deals out the tiers in that order, and chooses levels by size, by tier and by the triangles there are for all.
 * Nobody flickers between two of them. Allocates only where the crowd grows.
 */
export class DetailScheduler {
  private pixels = new Float64Array(0);
  private scores = new Float64Array(0);
  /** Indices of people, best first; kept from frame to frame, since it hardly changes. */
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
    // Distances are worked out here: a number passed to another function is boxed.
    const atOneMetre = projectedPixels(BODY_HEIGHT, 1, view);
    for (let i = 0; i < pixels.length; i += 1) {
      const person = people[i]!;
      const { position } = person;
      const distance = Math.sqrt((position.x - x) ** 2 + (position.y - y) ** 2 + (position.z - z) ** 2);
      pixels[i] = atOneMetre / Math.max(NEAREST_M, distance);
      // Whoever isn't in the picture comes last, in the order they would otherwise have.
      scores[i] = pixels[i]! * (person.visible ? 1 : 1e-4) * STICKINESS ** (TIER_COUNT - person.tier);
      if (person.visible && person.speaking.isOn) scores[i]! *= SPEAKING_RANKS;
    }
  }

  /** Insertion: next to nothing for an order that was right a frame ago. */
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
      // Whole numbers aren't boxed on the way.
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

/** The finest level from `finest` on that costs no more than `left` triangles above the coarsest. */
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
