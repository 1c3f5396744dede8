import { POSE_LENGTH } from '@/lib/pose/pose';
import type { AvatarModel } from '@/scene/avatar/avatarModel';
import { Crowd, type CrowdMember } from '@/scene/avatar/crowd';
import { PALETTE_WIDTH } from '@/scene/avatar/paletteRows';

/** A crowd that remembers its members, in the order in which they came. */
export class WatchedCrowd extends Crowd {
  readonly members: CrowdMember[] = [];

  override add(model: AvatarModel): CrowdMember {
    const member = super.add(model);
    this.members.push(member);
    return member;
  }

  override remove(member: CrowdMember): void {
    this.members.splice(this.members.indexOf(member), 1);
    super.remove(member);
  }
}

/** Values of the pose that a member was given last. */
export function poseValuesOf({ batch, row }: CrowdMember): Float32Array {
  return batch.rows.poses.subarray(row * POSE_LENGTH, (row + 1) * POSE_LENGTH);
}

/** 1 full colour .. 0.5 dimmed: the first number of a row. */
export function brightnessOf({ batch, row }: CrowdMember): number {
  return batch.rows.data[row * batch.rows.layout.widthTexels * 4]!;
}

/** Texels of a member's own colours, alpha 0 where none; null for a model without a palette. */
export function paletteOf({ batch, row }: CrowdMember): number[] | null {
  if (!batch.palettes) return null;
  const { data } = batch.palettes.texture.image as { data: Uint8Array };
  return [...data.subarray(row * PALETTE_WIDTH * 4, (row + 1) * PALETTE_WIDTH * 4)];
}
