import { AvatarCache } from '@/scene/avatar/avatarCache';
import { Crowd as AvatarCrowd } from '@/scene/avatar/crowd';
import { WebGlRowWriter } from '@/scene/avatar/rowTexture';
import { createAvatarMaterial } from '@/scene/react/matteMaterial';
import type { Crowd, Stage } from './crowd';
import { loadAnyAvatar } from './loadAnyAvatar';
import { createPoseLoop, poseOf } from './poseLoop';
import { standAt } from './standing';

/** The finest: coarser ones solve fewer bones and weights, which three-vrm does not. */
const LEVEL = 0;
/** As many as the meeting lets swing, where a model has springs: the light ones have none. */
const SWINGING = 8;
const FRAME_MS = 1000 / 60;

/** Parley's own engine, driven as three-vrm is: everybody's whole pose at full detail in every frame, nothing around it. */
export async function createOwnCrowd(stage: Stage, models: readonly string[], people: number): Promise<Crowd> {
  const loop = createPoseLoop();
  const avatars = new AvatarCache(loadAnyAvatar);
  const crowd = new AvatarCrowd(createAvatarMaterial);
  const writer = new WebGlRowWriter(stage.renderer);
  const slots: number[] = [];
  for (let i = 0; i < people; i += 1) {
    const slot = crowd.add(await avatars.acquire(models[i % models.length]!));
    const { x, z } = standAt(i, people);
    crowd.place(slot, x, z, 0);
    crowd.setLevel(slot, LEVEL);
    crowd.setSwinging(slot, i < SWINGING);
    slots.push(slot);
  }
  stage.scene.add(crowd.root);
  return {
    frame(frame) {
      for (let i = 0; i < slots.length; i += 1) crowd.setPose(slots[i]!, poseOf(loop, frame, i));
      crowd.solve();
      crowd.swing(FRAME_MS);
      crowd.upload(writer);
      stage.renderer.render(stage.scene, stage.camera);
    },
  };
}
