import { type VRM, VRMLoaderPlugin } from '@pixiv/three-vrm';
import { Mesh, type Object3D } from 'three';
import { GLTFLoader } from 'three/addons/loaders/GLTFLoader.js';
import { ARKIT_BLENDSHAPES } from '@/lib/pose/arkit';
import { BONES } from '@/lib/pose/bones';
import { FACE_OFFSET, type Pose, ROTATIONS_OFFSET } from '@/lib/pose/pose';
import type { Crowd, Stage } from './crowd';
import { createPoseLoop, poseOf } from './poseLoop';
import { standAt } from './standing';

const FRAME_S = 1 / 60;

interface Person {
  readonly vrm: VRM;
  readonly bones: readonly (Object3D | null)[];
}

/** As the library's documentation loads one; it has no copy of a parsed VRM, so each person is parsed. */
async function loadPerson(url: string): Promise<Person> {
  const loader = new GLTFLoader();
  loader.register((parser) => new VRMLoaderPlugin(parser));
  const vrm = (await loader.loadAsync(url)).userData.vrm as VRM;
  vrm.scene.traverse((node) => {
    if (node instanceof Mesh) node.frustumCulled = false;
  });
  return { vrm, bones: BONES.map((name) => vrm.humanoid.getNormalizedBoneNode(name)) };
}

function applyPose({ vrm, bones }: Person, { values }: Pose): void {
  for (let bone = 0; bone < bones.length; bone += 1) {
    bones[bone]?.quaternion.fromArray(values, ROTATIONS_OFFSET + bone * 4);
  }
  for (let shape = 0; shape < ARKIT_BLENDSHAPES.length; shape += 1) {
    vrm.expressionManager?.setValue(ARKIT_BLENDSHAPES[shape]!, values[FACE_OFFSET + shape]!);
  }
}

/** One VRM of three-vrm a person, moved as its users do: normalised bones, expressions, `vrm.update` each frame. */
export async function createNaiveCrowd(stage: Stage, models: readonly string[], people: number): Promise<Crowd> {
  const loop = createPoseLoop();
  const crowd: Person[] = [];
  for (let i = 0; i < people; i += 1) {
    const person = await loadPerson(models[i % models.length]!);
    const { x, z } = standAt(i, people);
    person.vrm.scene.position.set(x, 0, z);
    stage.scene.add(person.vrm.scene);
    crowd.push(person);
  }
  return {
    frame(frame) {
      for (let i = 0; i < crowd.length; i += 1) applyPose(crowd[i]!, poseOf(loop, frame, i));
      for (const { vrm } of crowd) vrm.update(FRAME_S);
      stage.renderer.render(stage.scene, stage.camera);
    },
  };
}
