import { type PerspectiveCamera, Vector3 } from 'three';
import type { HearingSink } from '@/lib/core/hearingSink';
import type { SeatLine } from '@/scene/room/plan/seatLayout';
import type { Actor } from './actor';
import type { FramePart } from './frameLoop';

/** Height of the ears of a seated person, metres. */
const SEATED_EAR_Y = 1.05;

/** A point in metres. */
interface Point {
  x: number;
  y: number;
  z: number;
}

/**
 * The share of the way from the middle of a racetrack to the point `x z` that lies inside the racetrack; 1 where the
 * point is inside.
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
 * Writes where a person who looks from `camera` hears from into `out`: from the camera while it is above the table,
 * else from the table's edge on the camera's side, at the height of seated ears. From a camera at the far wall all
 * voices would be faint and in one direction; from the edge of the table they come from left and right as seen, none is
 * farther than across the table, and no mouth is where the ear is.
 */
export function earFor(camera: Point, edge: SeatLine, out: Point): Point {
  const share = shareInside(edge, camera.x, camera.z);
  out.x = camera.x * share;
  out.y = camera.y * share + SEATED_EAR_Y * (1 - share);
  out.z = camera.z * share;
  return out;
}

/** The mouth is this far below the eyes and in front of the head's joint, metres. */
const MOUTH_BELOW_EYES = 0.09;
const MOUTH_FORWARD = 0.1;

const ear = new Vector3();
const forward = new Vector3();
const mouth = new Vector3();

/** Tells a {@link HearingSink} after each drawn frame where everyone is heard from. */
export class Hearing implements FramePart {
  /** Null where there is no listener. */
  ears: HearingSink | null = null;
  /** The listener, who does not hear themselves. */
  selfId: string | null = null;
  /**
   * Whether the camera is in the listener's own head. The ears are then where the eyes are, else see {@link earFor}.
   */
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

/** Writes where a person's mouth is: as last drawn, or by their seat where they are not in the picture. */
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
