import { type PerspectiveCamera, Vector3 } from 'three';
import type { HearingSink } from '@/lib/core/hearingSink';
import type { SeatLine } from '@/scene/room/plan/seatLayout';
import type { Actor } from './actor';
import type { FramePart } from './frameLoop';

/** Height of the ears of somebody who sits, metres. */
const SEATED_EAR_Y = 1.05;

/** A point in metres. */
interface Point {
  x: number;
  y: number;
  z: number;
}

/**
 * How far one may go from the middle towards `x z` before leaving a racetrack: 1 where that point is inside, else the
 * share of the way.
 */
export function shareInside({ halfStraight, radius }: SeatLine, x: number, z: number): number {
  const beyond = Math.max(0, Math.abs(x) - halfStraight);
  if (beyond * beyond + z * z <= radius * radius) return 1;
  const straight = radius / Math.abs(z);
  if (straight * Math.abs(x) <= halfStraight) return straight;
  // The ray meets the end's circle: |s (x, z) - (half, 0)| = radius for the larger s.
  const a = x * x + z * z;
  const b = Math.abs(x) * halfStraight;
  return (b + Math.sqrt(Math.max(0, b * b - a * (halfStraight ** 2 - radius ** 2)))) / a;
}

/**
 * Where somebody who looks on from `camera` hears from, into `out`: from where they are while that is over the table,
 * else from the table's edge on their side, at the height of seated ears. From a camera at the far wall everybody would
 * be faint and in one direction; from the edge of the table voices come from left and right as they are seen, none is
 * farther than across the table, and nobody's mouth is where the ear is.
 */
export function earFor(camera: Point, edge: SeatLine, out: Point): Point {
  const share = shareInside(edge, camera.x, camera.z);
  out.x = camera.x * share;
  out.y = camera.y * share + SEATED_EAR_Y * (1 - share);
  out.z = camera.z * share;
  return out;
}

/** The mouth is this far below the eyes and before the head's joint, metres. */
const MOUTH_BELOW_EYES = 0.09;
const MOUTH_FORWARD = 0.1;

const ear = new Vector3();
const forward = new Vector3();
const mouth = new Vector3();

/** Tells a {@link HearingSink} every frame, once it is drawn, who is heard from where. */
export class Hearing implements FramePart {
  /** Null where nobody listens. */
  ears: HearingSink | null = null;
  /** Whose ears these are; nobody hears themselves. */
  selfId: string | null = null;
  /** Whether the camera is in one's own head: ears are then exactly where the eyes are, else see {@link earFor}. */
  isOwnHead = false;

  constructor(
    private readonly actors: readonly Actor[],
    private readonly camera: PerspectiveCamera,
    /** The table's edge, or what holds it. */
    public edge: SeatLine,
  ) {}

  update(): void {
    const { ears, actors } = this;
    if (ears === null) return;
    this.placeListener(ears);
    for (let i = 0; i < actors.length; i += 1) {
      const actor = actors[i]!;
      if (actor.id === this.selfId) continue;
      mouthOf(actor, mouth);
      ears.setMouth(actor.id, mouth.x, mouth.y, mouth.z);
    }
  }

  private placeListener(ears: HearingSink): void {
    const { position, quaternion } = this.camera;
    if (this.isOwnHead) ear.copy(position);
    else earFor(position, this.edge, ear);
    forward.set(0, 0, -1).applyQuaternion(quaternion);
    ears.setListener(ear.x, ear.y, ear.z, forward.x, forward.y, forward.z);
  }
}

/** Where a person's mouth is: as last drawn, or as they sit where they are not in the picture. */
function mouthOf(actor: Actor, out: Vector3): void {
  const { measures } = actor.model;
  if (actor.visible) {
    actor.headPlace(out);
    out.y += measures.eyeY - measures.headJointY;
  } else {
    out.copy(actor.position);
    out.y = actor.eyeY;
  }
  out.x += Math.sin(actor.place.yawRad) * MOUTH_FORWARD;
  out.y -= MOUTH_BELOW_EYES;
  out.z += Math.cos(actor.place.yawRad) * MOUTH_FORWARD;
}
