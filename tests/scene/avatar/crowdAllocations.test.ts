import { Quaternion, Texture, Vector3 } from 'three';
import { it } from 'vitest';
import type { DataSpringJoint, DataSprings } from '@/lib/avatarFile/decode/avatarData';
import { BONE_COUNT, BONE_INDEX } from '@/lib/pose/bones';
import { createPose, PosePart, ROTATIONS_OFFSET } from '@/lib/pose/pose';
import { createAvatarModel } from '@/scene/avatar/avatarModel';
import { Crowd } from '@/scene/avatar/crowd';
import { expectBytesPerCall } from '../../support/allocations';
import { createSyntheticSource } from './syntheticModel';

const HEAD = BONE_INDEX.head;
const LINKS = 4;
const STEP_MS = 1000 / 60;

/** A strand of hair on the head, pushed off by a ball and a bar on the head. */
function strand(firstNode: number): DataSprings {
  const joint = (link: number): DataSpringJoint => ({
    ...{ node: firstNode + link, tail: [0.01, -0.07, -0.02], stiffness: 0.6, gravity: [0, -0.4, 0] },
    ...{ dragForce: 0.3, hitRadius: 0.02, center: HEAD, colliders: [0, 1] },
  });
  return {
    joints: Array.from({ length: LINKS }, (_, link) => joint(link)),
    colliders: [
      { node: HEAD, offset: [0.08, -0.05, 0.02], tail: null, radius: 0.06 },
      { node: HEAD, offset: [-0.1, -0.1, -0.05], tail: [0.15, -0.1, -0.05], radius: 0.05 },
    ],
  };
}

/** A model with morphs, a palette and a strand of hair. */
function createModel() {
  const source = createSyntheticSource(true);
  const map = new Texture({ width: 16, height: 1 } as ImageBitmap);
  map.name = 'palette';
  const hair = Array.from({ length: LINKS }, (_, link) => ({
    name: `hair${link}`,
    parent: link === 0 ? HEAD : source.nodes.length + link - 1,
    position: new Vector3(0.05, link === 0 ? 0.1 : -0.07, -0.02),
    rotation: new Quaternion(),
    scale: new Vector3(1, 1, 1),
  }));
  return createAvatarModel({
    ...source,
    nodes: [...source.nodes, ...hair],
    meshes: [{ ...source.meshes[0]!, surface: { map } }],
    springs: strand(source.nodes.length),
  });
}

function poseAt(angle: number) {
  const pose = createPose();
  for (let bone = 0; bone < BONE_COUNT; bone += 1) {
    pose.values.set([Math.sin(angle), 0, 0, Math.cos(angle)], ROTATIONS_OFFSET + bone * 4);
  }
  pose.parts = PosePart.gaze;
  return pose;
}

it('a crowd of eight allocates nothing a frame: posed, moved, dimmed, recoloured, solved, swung and listed', () => {
  const crowd = new Crowd();
  const model = createModel();
  const members = Array.from({ length: 8 }, () => crowd.add(model));
  const palettes = [50, 60].map((value) => new Uint8Array(16 * 4).fill(value));
  const poses = [poseAt(0.1), poseAt(0.2)];
  for (const member of members) member.setSwinging(true);
  expectBytesPerCall(0, (index) => {
    for (let i = 0; i < members.length; i += 1) {
      const member = members[i]!;
      member.setPose(poses[(index + i) & 1]!);
      member.place(i, index & 7, 1);
      member.setLevel((index >> 3) % 3);
      member.setDim(index & 1);
      member.setPalette(palettes[(index + i) & 1]!);
    }
    crowd.solve();
    crowd.swing(STEP_MS);
    crowd.upload();
  });
});
