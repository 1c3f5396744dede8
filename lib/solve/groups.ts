import { smooth } from '@/lib/core/easing';
import { BONE_COUNT, BONES, type BoneName } from '@/lib/pose/bones';
import {
  copyPose,
  createPose,
  FACE_OFFSET,
  GAZE_OFFSET,
  POSE_LENGTH,
  type Pose,
  PosePart,
  ROTATIONS_OFFSET,
} from '@/lib/pose/pose';
import { slerpQuat } from '@/lib/pose/quat';

/** What is tracked, lost and eased together. Finer than the parts of a pose, since a single arm may be out of sight. */
export const Group = {
  trunk: 0,
  head: 1,
  leftArm: 2,
  rightArm: 3,
  leftFingers: 4,
  rightFingers: 5,
  face: 6,
  gaze: 7,
  legs: 8,
} as const;

export type GroupIndex = (typeof Group)[keyof typeof Group];

const GROUPS: readonly GroupIndex[] = Object.values(Group);

/** The part of a pose that each group belongs to, in the order of {@link Group}. */
const GROUP_PARTS: readonly number[] = [
  PosePart.upperBody,
  PosePart.upperBody,
  PosePart.upperBody,
  PosePart.upperBody,
  PosePart.leftFingers,
  PosePart.rightFingers,
  PosePart.face,
  PosePart.gaze,
  PosePart.legs,
];

function groupOf(bone: BoneName): GroupIndex {
  if (/Thumb|Index|Middle|Ring|Little/.test(bone)) {
    return bone.startsWith('left') ? Group.leftFingers : Group.rightFingers;
  }
  if (/Leg|Foot|Toes/.test(bone)) return Group.legs;
  if (/Shoulder|Arm|Hand/.test(bone)) return bone.startsWith('left') ? Group.leftArm : Group.rightArm;
  return bone === 'neck' || bone === 'head' ? Group.head : Group.trunk;
}

/** The group of each bone of `BONES`. */
const BONE_GROUPS: readonly GroupIndex[] = BONES.map(groupOf);

/** How long a group eases from where it was last output to where it is read now, or to rest (rule S-10). */
const EASE_MS = 500;

/** Where a group's numbers come from: 0 is rest, the others are what it is read from. */
export type Source = number;
export const RESTING: Source = 0;

function blendRange(from: Pose, to: Pose, share: number, start: number, end: number, out: Pose): void {
  for (let at = start; at < end; at += 1) {
    out.values[at] = from.values[at]! + share * (to.values[at]! - from.values[at]!);
  }
}

/** Eases each group from where it was last output whenever its source changes, so that nothing jumps. */
export class GroupEases {
  private readonly from: Pose[] = GROUPS.map(() => createPose());
  private readonly sources = new Int8Array(GROUPS.length);
  private readonly progress = new Float64Array(GROUPS.length).fill(1);

  /** Whether the output differs from rest in this group. */
  isMoved(group: GroupIndex): boolean {
    return this.sources[group] !== RESTING || this.progress[group]! < 1;
  }

  /** Takes a group from `source` from now on; `shown` is the last output. */
  follow(group: GroupIndex, source: Source, shown: Pose): void {
    if (this.sources[group] === source) return;
    this.sources[group] = source;
    // Legs are present or absent (rule S-4): the renderer makes the avatar stand up and sit down.
    if (group !== Group.legs) this.restart(group, shown);
  }

  /** Eases a group again from the last output although its source stays: what it is measured against has changed. */
  restart(group: GroupIndex, shown: Pose): void {
    copyPose(shown, this.from[group]!);
    this.progress[group] = 0;
  }

  advance(dtMs: number): void {
    for (const group of GROUPS) this.progress[group] = Math.min(1, this.progress[group]! + dtMs / EASE_MS);
  }

  /** Writes rotations, face and gaze of every group: `tracked` or `rest`, eased. Leaves `out.parts` and the hips alone. */
  write(tracked: Pose, rest: Pose, out: Pose): void {
    for (let bone = 0; bone < BONE_COUNT; bone += 1) {
      const group = BONE_GROUPS[bone]!;
      const at = ROTATIONS_OFFSET + bone * 4;
      const to = this.targetOf(group, tracked, rest);
      slerpQuat(this.from[group]!.values, at, to.values, at, this.shareOf(group), out.values, at);
    }
    this.writeNumbers(Group.face, tracked, rest, FACE_OFFSET, GAZE_OFFSET, out);
    this.writeNumbers(Group.gaze, tracked, rest, GAZE_OFFSET, POSE_LENGTH, out);
  }

  /** The parts with a group that differs from rest. */
  movedParts(): number {
    let parts = 0;
    for (const group of GROUPS) if (this.isMoved(group)) parts |= GROUP_PARTS[group]!;
    return parts;
  }

  private shareOf(group: GroupIndex): number {
    return smooth(this.progress[group]!);
  }

  private targetOf(group: GroupIndex, tracked: Pose, rest: Pose): Pose {
    return this.sources[group] === RESTING ? rest : tracked;
  }

  private writeNumbers(group: GroupIndex, tracked: Pose, rest: Pose, start: number, end: number, out: Pose): void {
    blendRange(this.from[group]!, this.targetOf(group, tracked, rest), this.shareOf(group), start, end, out);
  }
}
