import { ARKIT_INDEX, type ArkitBlendshape } from '@/lib/pose/arkit';
import { composeMatrix, originOf, type Point, transformPoint } from '../gltf/matrix';
import type { Humanoid } from '../humanoid';
import type { RestBody } from './restBody';

/** How far a bone eye turns at a full `eyeLook*` weight, radians: a little less than ARKit's own shapes. */
const FULL_YAW = 0.42;
const FULL_PITCH = 0.3;

/** A blendshape that turns an eye about its centre. */
export interface EyeTurn {
  readonly shape: number;
  /** The file's node of the eye. */
  readonly node: number;
  /** Takes a point of the eye at rest, root space, to its place under the shape. */
  readonly matrix: Float64Array;
}

function turnAbout(pivot: Point, axis: 0 | 1, angle: number): Float64Array {
  const half = Math.sin(angle / 2);
  const turn = composeMatrix(
    [0, 0, 0],
    axis === 0 ? [half, 0, 0, Math.cos(angle / 2)] : [0, half, 0, Math.cos(angle / 2)],
    [1, 1, 1],
  );
  const moved = transformPoint(turn, pivot);
  turn.set([pivot[0] - moved[0], pivot[1] - moved[1], pivot[2] - moved[2]], 12);
  return turn;
}

/** The `eyeLook*` shapes of eyes that are bones, except those in `known`, which the file has as morph targets. */
export function eyeTurns({ eyeNodes }: Humanoid, body: RestBody, known: ReadonlySet<number>): EyeTurn[] {
  return (['Left', 'Right'] as const).flatMap((side, eye) => {
    const node = eyeNodes[eye]!;
    const placement = body.placements[node];
    if (!placement) return [];
    const pivot = originOf(placement);
    // A positive angle about +Y looks to the body's left, about +X down.
    const [out, inwards] = side === 'Left' ? [FULL_YAW, -FULL_YAW] : [-FULL_YAW, FULL_YAW];
    const turns: readonly (readonly [string, 0 | 1, number])[] = [
      ['Out', 1, out],
      ['In', 1, inwards],
      ['Up', 0, -FULL_PITCH],
      ['Down', 0, FULL_PITCH],
    ];
    return turns
      .map(([direction, axis, angle]) => ({
        shape: ARKIT_INDEX[`eyeLook${direction}${side}` as ArkitBlendshape],
        node,
        matrix: turnAbout(pivot, axis, angle),
      }))
      .filter(({ shape }) => !known.has(shape));
  });
}
