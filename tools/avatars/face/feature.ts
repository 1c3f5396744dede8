import type { Levels } from '../mesh/levels';
import type { PaletteSlot } from '../palette';
import type { Tint } from '../part';
import type { Vec3 } from '../sdf/sdf';
import { normalize } from '../sdf/vec';
import { faceDeform } from './faceDeform';
import type { FaceSurface } from './faceSurface';
import type { FaceWeights } from './faceWeights';

/** Puts the next vertex of a feature at x, y of head space, `layer` metres off the skin. */
export type Put = (x: number, y: number, layer: number, tiltY?: number, push?: number) => void;

/** A thin sheet on the face: an eye's white, an iris, a lip. Its vertices depend on what the face does, its triangles don't. */
export interface Feature {
  readonly name: string;
  readonly slot: PaletteSlot;
  readonly triangles: Levels;
  /** The coarsest level that still shows it; the coarsest of all where absent. */
  readonly lastLevel?: number;
  readonly place: (put: Put, weights: FaceWeights) => void;
  /** Tint by height in the feature, 0 bottom to 1 top. */
  readonly tint?: (height: number) => Tint;
}

/** Positions (head space, m) and normals of a feature's vertices. */
export interface PlacedFeature {
  readonly positions: Vec3[];
  readonly normals: Vec3[];
}

/** Least distance (m) of every feature from the smooth head. */
const SKIN_GAP = 0.0006;

/** Places a feature's vertices on a face that does what `weights` say. */
export function placeFeature(feature: Feature, surface: FaceSurface, weights: FaceWeights): PlacedFeature {
  const placed: PlacedFeature = { positions: [], normals: [] };
  feature.place((x, y, layer, tiltY = 0, push = 0) => {
    const { at, normal } = surface(x, y);
    const moved = faceDeform(at, weights);
    const off = SKIN_GAP + layer;
    placed.positions.push([
      at[0] + normal[0] * off + moved[0],
      at[1] + normal[1] * off + moved[1],
      at[2] + normal[2] * off + moved[2] + push,
    ]);
    placed.normals.push(normalize([normal[0], normal[1] + tiltY, normal[2]]));
  }, weights);
  return placed;
}
