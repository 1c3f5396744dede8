import { AvatarFileError } from '../avatarFileError';
import type { Gltf } from '../gltf/gltf';
import { originOf, type Point, transformDirection, transformPoint } from '../gltf/matrix';
import { COORDINATE_MAX } from '../limits';
import type { FileSpringCollider, FileSpringJoint, FileSprings } from '../springs/fileSprings';
import type { DataSpringCollider, DataSpringJoint, DataSprings } from './avatarData';
import type { RestBody } from './restBody';
import { REACH_M } from './skinPart';

/** Length of a chain's last joint in VRM 0.x, which has no end node; in the file's unit, as in UniVRM. */
const LAST_LENGTH = 0.07;

const ORIGIN: Point = [0, 0, 0];
const NOWHERE: Point = [Number.NaN, Number.NaN, Number.NaN];

const minus = (a: Point, b: Point): Point => [a[0] - b[0], a[1] - b[1], a[2] - b[2]];

function isWithin(point: Point, reach: number): boolean {
  return point.every((value) => Math.abs(value) < reach);
}

/** @throws AvatarFileError `numbers` if a point is farther than `reach` from the feet */
function within(point: Point, reach: number): Point {
  if (!isWithin(point, reach)) throw AvatarFileError.numbers('the springs');
  return point;
}

/** Brings a file's springs to T-pose and metres. */
class SpringPlacing {
  /** Metres per unit of the file. */
  private readonly unitM: number;

  constructor(
    private readonly gltf: Gltf,
    private readonly body: RestBody,
  ) {
    this.unitM = Math.hypot(...transformDirection(body.frame, [1, 0, 0]));
  }

  /** `colliders`: the joint's colliders, by their new indices. */
  joint(joint: FileSpringJoint, colliders: readonly number[]): DataSpringJoint {
    const { node, center, dragForce } = joint;
    const [stiffness, hitRadius] = [joint.stiffness * this.unitM, joint.hitRadius * this.unitM];
    within([stiffness, hitRadius, 0], COORDINATE_MAX);
    return {
      node: this.body.movedBy[node]!,
      tail: minus(this.endOf(joint), within(this.at(node, ORIGIN), REACH_M)),
      stiffness,
      gravity: within(transformDirection(this.body.frame, joint.gravity), COORDINATE_MAX),
      dragForce,
      hitRadius,
      // A node above all bones moves with the person's place, for which the world is near enough.
      center: center < 0 ? -1 : this.body.movedBy[center]!,
      colliders,
    };
  }

  /** Null for a collider on a node without a root. */
  collider({ node, offset, tail, radius }: FileSpringCollider): DataSpringCollider | null {
    const mover = Math.max(0, this.body.movedBy[node]!);
    const { place } = this.body.nodes[mover]!;
    const [from, to] = [this.at(node, offset), this.at(node, tail ?? offset)];
    const radiusM = radius * this.unitM;
    if (![from, to, [radiusM, 0, 0] as const].every((point) => isWithin(point, COORDINATE_MAX))) return null;
    return { node: mover, offset: minus(from, place), tail: tail && minus(to, place), radius: radiusM };
  }

  private endOf({ node, end }: FileSpringJoint): Point {
    if (end >= 0) return within(this.at(end, ORIGIN), REACH_M);
    const along = originOf(this.gltf.nodes[node]!.matrix);
    const scale = LAST_LENGTH / (Math.hypot(...along) || 1);
    return within(this.at(node, [along[0] * scale, along[1] * scale, along[2] * scale]), REACH_M);
  }

  /** A point of a node's own space in T-pose; not a number for a node without a root. */
  private at(node: number, point: Point): Point {
    const placement = this.body.placements[node];
    return placement ? transformPoint(placement, point) : NOWHERE;
  }
}

/** A file's springs on its body in T-pose; null if nothing swings. @throws AvatarFileError `numbers` */
export function placeSprings(gltf: Gltf, { joints, colliders }: FileSprings, body: RestBody): DataSprings | null {
  if (joints.length === 0) return null;
  const placing = new SpringPlacing(gltf, body);
  const placed = colliders.map((collider) => placing.collider(collider));
  const kept = placed.filter((collider) => collider !== null);
  const touched = (joint: FileSpringJoint) =>
    joint.colliders.flatMap((index) => (placed[index] ? [kept.indexOf(placed[index])] : []));
  return { joints: joints.map((joint) => placing.joint(joint, touched(joint))), colliders: kept };
}
