import { type VRM, VRMLoaderPlugin } from '@pixiv/three-vrm';
import { Mesh, type Object3D } from 'three';
import { GLTFLoader } from 'three/addons/loaders/GLTFLoader.js';
import { decodeInspected } from '@/lib/avatarFile/decode/decodeAvatar';
import { inspectAvatar } from '@/lib/avatarFile/inspectAvatar';
import { ARKIT_BLENDSHAPES, ARKIT_COUNT } from '@/lib/pose/arkit';
import { BONE_COUNT, BONES } from '@/lib/pose/bones';
import { ALL_PARTS, copyPose, createPose, FACE_OFFSET, type Pose, ROTATIONS_OFFSET } from '@/lib/pose/pose';
import { quatFromEuler } from '@/lib/pose/quat';
import { AvatarCache } from '@/scene/avatar/avatarCache';
import type { AvatarModel } from '@/scene/avatar/avatarModel';
import { Crowd as AvatarCrowd, type CrowdMember } from '@/scene/avatar/crowd';
import { modelFromData } from '@/scene/avatar/modelFromData';
import { drawPicture } from '@/scene/avatar/reading/drawPicture';
import { WebGlRowWriter } from '@/scene/avatar/rowTexture';
import { createStandInModel } from '@/scene/avatar/standInModel';
import { Cast } from '@/scene/frame/cast';
import { type PoseFeed, SILENCE } from '@/scene/frame/feeds';
import { FrameLoop, type FramePart } from '@/scene/frame/frameLoop';
import { createAvatarMaterial } from '@/scene/react/matteMaterial';
import { type Crowd, type Stage, standAt } from './stage';

/** Frames until the motion repeats. */
export const LOOP_FRAMES = 64;

/** Frames by which each person is ahead of the one before, so that no two move in step. */
const FRAMES_AHEAD = 7;
/** Largest turn of each bone about each of its axes, radians. */
const SWING = 0.25;
/** Highest weight of a blendshape. */
const FACE_WEIGHT_MAX = 0.4;
/** The golden angle: neighbours get phases far from each other. */
const PHASE_STEP = Math.PI * (3 - Math.sqrt(5));

function poseAt(turn: number): Pose {
  const pose = createPose();
  pose.parts = ALL_PARTS;
  const swing = (channel: number) => SWING * Math.sin(turn + channel * PHASE_STEP);
  for (let bone = 0; bone < BONE_COUNT; bone += 1) {
    const at = ROTATIONS_OFFSET + bone * 4;
    quatFromEuler(swing(bone * 3), swing(bone * 3 + 1), swing(bone * 3 + 2), 'XYZ', pose.values, at);
  }
  for (let shape = 0; shape < ARKIT_COUNT; shape += 1) {
    pose.values[FACE_OFFSET + shape] = Math.max(0, FACE_WEIGHT_MAX * Math.sin(turn + shape));
  }
  return pose;
}

/** Whole poses in which every bone and every face weight changes from frame to frame. */
export function createPoseLoop(): Pose[] {
  return Array.from({ length: LOOP_FRAMES }, (_, frame) => poseAt((2 * Math.PI * frame) / LOOP_FRAMES));
}

/** The pose of person number `person` in a frame. */
export function poseOf(loop: readonly Pose[], frame: number, person: number): Pose {
  return loop[(frame + person * FRAMES_AHEAD) % loop.length]!;
}

/** Reads an avatar as a meeting does, without the limits, which the heavy one exceeds. */
async function loadAnyAvatar(url: string): Promise<AvatarModel> {
  const data = decodeInspected(inspectAvatar(new Uint8Array(await (await fetch(url)).arrayBuffer())));
  return modelFromData({ data, bitmap: data.picture && (await drawPicture(data.picture)) });
}

/** The finest: coarser levels solve fewer bones and weights, while three-vrm always solves all. */
const LEVEL = 0;
/** As many as a meeting lets swing, for models with springs. */
const SWINGING = 8;
const FRAME_MS = 1000 / 60;

/** Parley's crowd alone, driven as three-vrm is: every person's whole pose at full detail in every frame. */
export async function createOwnCrowd(stage: Stage, models: readonly string[], people: number): Promise<Crowd> {
  const loop = createPoseLoop();
  const avatars = new AvatarCache(loadAnyAvatar);
  const crowd = new AvatarCrowd(createAvatarMaterial);
  const writer = new WebGlRowWriter(stage.renderer);
  const members: CrowdMember[] = [];
  for (let i = 0; i < people; i += 1) {
    const member = crowd.add(await avatars.acquire(models[i % models.length]!));
    const { x, z } = standAt(i, people);
    member.place(x, z, 0);
    member.setLevel(LEVEL);
    member.setSwinging(i < SWINGING);
    members.push(member);
  }
  stage.scene.add(crowd.root);
  return {
    frame(frame) {
      for (let i = 0; i < members.length; i += 1) members[i]!.setPose(poseOf(loop, frame, i));
      crowd.solve();
      crowd.swing(FRAME_MS);
      crowd.upload(writer);
      stage.renderer.render(stage.scene, stage.camera);
    },
  };
}

/** The stage has only people. */
const NOTHING: FramePart = { update: () => {} };

/** Live motion of every person in every frame; ids are numbers. */
class LoopFeed implements PoseFeed {
  frame = 0;
  private readonly loop = createPoseLoop();

  sample(personId: string, _nowMs: number, out: Pose): 'live' {
    copyPose(poseOf(this.loop, this.frame, Number(personId)), out);
    return 'live';
  }
}

function createCast(crowd: AvatarCrowd, people: number): Cast {
  const avatars = new AvatarCache(loadAnyAvatar);
  const placeOf = (seat: number) => {
    const { x, z } = standAt(seat, people);
    return { x, z, standX: x, standZ: z, yawRad: 0, seatHeight: null };
  };
  const standIn = createStandInModel();
  const onAvatarError = (_person: unknown, error: unknown) => {
    throw error;
  };
  return new Cast({ crowd, avatars, standIn, placeOf, onAvatarError });
}

/** Draws frames until every person has an avatar and has eased into the motion. */
async function settle(cast: Cast, draw: () => void): Promise<void> {
  while (!cast.actors.every((actor) => actor.isSettled)) {
    draw();
    await new Promise((resolve) => setTimeout(resolve));
  }
}

/**
 * The meeting's whole frame loop with its cast, without room, cameras and name plates. Besides drawing, it mixes poses,
 * breathes and blinks, and it poses people who look small less often.
 */
export async function createLoopCrowd(stage: Stage, models: readonly string[], people: number): Promise<Crowd> {
  const feed = new LoopFeed();
  const crowd = new AvatarCrowd(createAvatarMaterial);
  stage.scene.add(crowd.root);
  const cast = createCast(crowd, people);
  let nowMs = 0;
  const loop = new FrameLoop({
    ...stage,
    clock: { nowMs: () => nowMs },
    actors: cast.actors,
    crowd,
    director: NOTHING,
    furniture: NOTHING,
    plates: NOTHING,
    hearing: NOTHING,
    feed,
    voices: SILENCE,
    isStill: false,
    lodCoarseness: 1,
    hiddenId: null,
  });
  const frame = (number: number) => {
    feed.frame = number;
    nowMs += FRAME_MS;
    loop.frame();
  };
  cast.setPeople(
    Array.from({ length: people }, (_, i) => ({
      id: String(i),
      name: '',
      avatar: models[i % models.length]!,
      seat: i,
    })),
  );
  await settle(cast, () => frame(0));
  return { frame };
}

const FRAME_S = 1 / 60;

interface Person {
  readonly vrm: VRM;
  readonly bones: readonly (Object3D | null)[];
}

/** Loads a VRM as the library's documentation does. It cannot copy a parsed VRM, so each person is parsed. */
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

/** three-vrm as its users drive it, one VRM per person: normalised bones, expressions and `vrm.update` each frame. */
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
