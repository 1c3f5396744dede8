import { BODY_BONE_COUNT, BONE_PARENTS } from '@/lib/pose/bones';
import { type Pose, ROTATIONS_OFFSET } from '@/lib/pose/pose';
import { copyQuat, identityQuat, mulConjugateQuat, mulQuat } from '@/lib/pose/quat';
import { exactRotation } from './rotationMap';

/**
 * Parent feedback (encoder only): a body bone aims at its true rotation in the room as seen from its DECODED parent, so
 * that errors don't add up along the chain.
 */
export class BodyFeedback {
  private readonly truth = new Float64Array(BODY_BONE_COUNT * 4);
  private readonly decoded = new Float64Array(BODY_BONE_COUNT * 4);
  private readonly local = new Float64Array(4);

  /** Writes the unit quaternion that `bone` aims at to `out[0..3]`. Bones in order, each followed by `note`. */
  aim(pose: Pose, bone: number, out: Float64Array): void {
    readRotation(pose, bone, out);
    if (bone >= BODY_BONE_COUNT) return;
    const parent = BONE_PARENTS[bone]!;
    if (parent < 0) {
      this.truth.set(out, bone * 4);
      return;
    }
    mulQuat(this.truth, parent * 4, out, 0, this.truth, bone * 4);
    mulConjugateQuat(this.decoded, parent * 4, this.truth, bone * 4, out, 0);
  }

  /** Takes in what `bone` decodes to: the rotation vector at `vectors[at..]`, radians. */
  note(bone: number, vectors: Float64Array, at: number): void {
    if (bone >= BODY_BONE_COUNT) return;
    exactRotation(vectors, at, 1, this.local, 0);
    this.place(bone);
  }

  /** Takes in that `bone` is absent: it is drawn at rest, so it aims at rest. */
  noteAbsent(bone: number): void {
    if (bone >= BODY_BONE_COUNT) return;
    identityQuat(this.local, 0);
    const parent = BONE_PARENTS[bone]!;
    if (parent < 0) identityQuat(this.truth, bone * 4);
    else copyQuat(this.truth, parent * 4, this.truth, bone * 4);
    this.place(bone);
  }

  private place(bone: number): void {
    const parent = BONE_PARENTS[bone]!;
    if (parent < 0) this.decoded.set(this.local, bone * 4);
    else mulQuat(this.decoded, parent * 4, this.local, 0, this.decoded, bone * 4);
  }
}

/** Below this squared length a rotation means nothing. */
const TINY_SQUARED = 1e-12;

/** The unit quaternion of a bone; the identity where its length is zero or no number. */
function readRotation(pose: Pose, bone: number, out: Float64Array): void {
  const at = ROTATIONS_OFFSET + bone * 4;
  let squared = 0;
  for (let k = 0; k < 4; k += 1) {
    const part = pose.values[at + k]!;
    out[k] = part;
    squared += part * part;
  }
  if (!(squared > TINY_SQUARED && squared < Number.MAX_VALUE)) {
    identityQuat(out, 0);
    return;
  }
  const scale = 1 / Math.sqrt(squared);
  for (let k = 0; k < 4; k += 1) out[k] = out[k]! * scale;
}
