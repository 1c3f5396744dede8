import type { Point } from '@/scene/camera/cameraBounds';
import type { FramedPerson } from '@/scene/camera/framing';
import type { Actor } from '@/scene/frame/actor';

/** Eyes are this far before the head's axis, metres. */
const EYES_FORWARD = 0.1;

/** A person as the camera frames them: where they sit or stand. */
export function framedPerson(actor: Actor, selfId: string | null): FramedPerson {
  const { place, eyeY, topY } = actor;
  const stands = actor.standing > 0.5;
  return {
    id: actor.id,
    x: stands ? place.standX : place.x,
    z: stands ? place.standZ : place.z,
    yawRad: place.yawRad,
    eyeY,
    topY,
    isSelf: actor.id === selfId,
  };
}

/** Writes where a person's eyes are into `out` and returns the yaw straight ahead, radians. Allocates nothing. */
export function readEyes(actor: Actor, out: Point): number {
  const { position } = actor;
  const { yawRad } = actor.place;
  out.x = position.x + Math.sin(yawRad) * EYES_FORWARD;
  out.y = actor.eyeY;
  out.z = position.z + Math.cos(yawRad) * EYES_FORWARD;
  return yawRad;
}
