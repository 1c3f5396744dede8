import { type VRMAnimation, VRMAnimationLoaderPlugin } from '@pixiv/three-vrm-animation';
import validator from 'gltf-validator';
import type { KeyframeTrack } from 'three';
import { GLTFLoader } from 'three/addons/loaders/GLTFLoader.js';
import { beforeAll, describe, expect, it } from 'vitest';
import { readMotion } from '@/lib/export/readMotion';
import { VrmaWriter } from '@/lib/export/vrma';
import { ARKIT_BLENDSHAPES, ARKIT_INDEX } from '@/lib/pose/arkit';
import { BONE_INDEX, BONES } from '@/lib/pose/bones';
import {
  ALL_PARTS,
  createPose,
  FACE_OFFSET,
  GAZE_OFFSET,
  HIPS_OFFSET,
  type Pose,
  PosePart,
  ROTATIONS_OFFSET,
} from '@/lib/pose/pose';
import { angleBetweenQuats, quatFromEuler } from '@/lib/pose/quat';
import { memorySource } from '@/lib/recording/byteSource';
import { livelyPoses, recorded, sent, type TimedFrame } from './motionWorld';

const DEGREES = 180 / Math.PI;
const BONE_MAX_DEG = 0.6;

/** GLTFLoader looks for browser features in `self`. */
beforeAll(() => {
  Object.assign(globalThis, { self: globalThis, ProgressEvent: Event });
});

/** What Khronos' validator has against a file. */
async function problemsOf(glb: Uint8Array): Promise<string[]> {
  const { issues } = await validator.validateBytes(glb);
  return issues.messages.filter(({ severity }) => severity <= 1).map(({ code, pointer }) => `${code} ${pointer}`);
}

/** Reads a file as any page with three-vrm would. */
async function load(glb: Uint8Array): Promise<VRMAnimation> {
  const loader = new GLTFLoader();
  loader.register((parser) => new VRMAnimationLoaderPlugin(parser));
  const gltf = await loader.parseAsync(glb.slice().buffer, '');
  expect(gltf.userData.vrmAnimations).toHaveLength(1);
  return gltf.userData.vrmAnimations[0] as VRMAnimation;
}

/** A track's value at a time, as three plays it. */
function valueAt(track: KeyframeTrack, timeS: number): ArrayLike<number> {
  const { createInterpolant } = track as unknown as { createInterpolant(): { evaluate(t: number): ArrayLike<number> } };
  return createInterpolant.call(track).evaluate(timeS);
}

function vrmaOf(frames: readonly TimedFrame[], startMs = 0): Uint8Array {
  const writer = new VrmaWriter(startMs, 'Ana');
  for (const { pose, timeMs } of frames) writer.add(pose, timeMs);
  return writer.finish()!;
}

function frameOf(parts: number, change: (values: Float32Array) => void, timeMs = 0): TimedFrame {
  const pose: Pose = createPose();
  pose.parts = parts;
  change(pose.values);
  return { pose, timeMs };
}

describe('VRM animations', () => {
  it('a recorded motion is valid glTF, and three-vrm plays it as it was recorded', async () => {
    const { made, frames } = recorded(sent({ poses: livelyPoses(10) }));
    const writer = new VrmaWriter(frames[0]!.timeMs, 'Ana');
    const request = { source: memorySource(made.bytes()), rows: made.rows, personId: 'ana', fromMs: 0, toMs: 20_000 };
    await readMotion(request, (pose, timeMs) => writer.add(pose, timeMs));
    const glb = writer.finish()!;
    expect(await problemsOf(glb)).toEqual([]);

    const animation = await load(glb);
    const { humanoidTracks, expressionTracks, lookAtTrack } = animation;
    expect([...humanoidTracks.rotation.keys()].sort()).toEqual([...BONES].sort());
    expect(animation.restHipsPosition.toArray()).toEqual([0, expect.closeTo(0.95, 6), 0]);
    const expected = new Float64Array(4);
    for (const { pose, timeMs } of frames) {
      const timeS = (timeMs - frames[0]!.timeMs) / 1000;
      BONES.forEach((name, bone) => {
        const played = Array.from(valueAt(humanoidTracks.rotation.get(name)!, timeS));
        const errorDeg = angleBetweenQuats(pose.values, ROTATIONS_OFFSET + bone * 4, played, 0) * DEGREES;
        expect(errorDeg, `${name} at ${timeS} s`).toBeLessThan(BONE_MAX_DEG);
      });
      const hips = valueAt(humanoidTracks.translation.get('hips')!, timeS);
      for (let axis = 0; axis < 3; axis += 1) {
        const rest = axis === 1 ? 0.95 : 0;
        expect(Math.abs(hips[axis]! - rest - pose.values[HIPS_OFFSET + axis]!)).toBeLessThan(0.003);
      }
      ARKIT_BLENDSHAPES.forEach((shape, k) => {
        const [weight] = Array.from(valueAt(expressionTracks.custom.get(shape)!, timeS));
        expect(Math.abs(weight! - pose.values[FACE_OFFSET + k]!), shape).toBeLessThan(0.011);
      });
      quatFromEuler(-pose.values[GAZE_OFFSET + 1]!, pose.values[GAZE_OFFSET]!, 0, 'YXZ', expected, 0);
      const gaze = Array.from(valueAt(lookAtTrack!, timeS));
      expect(angleBetweenQuats(expected, 0, gaze, 0) * DEGREES).toBeLessThan(BONE_MAX_DEG);
    }
    expect(animation.duration).toBeCloseTo((frames.at(-1)!.timeMs - frames[0]!.timeMs) / 1000, 3);
  });

  it('keys are thinned: a file takes a fraction of one with all keys', () => {
    const { frames } = recorded(sent({ poses: livelyPoses(20) }));
    const channels = BONES.length * 16 + ARKIT_BLENDSHAPES.length * 12 + 28;
    const share = vrmaOf(frames).length / (frames.length * channels);
    expect(share).toBeLessThan(0.4);
  });

  it('the presets follow the ARKit weights nearest to them', async () => {
    const glb = vrmaOf([
      frameOf(PosePart.face, (values) => {
        values[FACE_OFFSET + ARKIT_INDEX.jawOpen] = 0.8;
        values[FACE_OFFSET + ARKIT_INDEX.eyeBlinkLeft] = 0.6;
        values[FACE_OFFSET + ARKIT_INDEX.mouthSmileLeft] = 1;
        values[FACE_OFFSET + ARKIT_INDEX.mouthSmileRight] = 1;
      }),
    ]);
    const { preset } = (await load(glb)).expressionTracks;
    const weights = Object.fromEntries([...preset].map(([name, track]) => [name, track.values[0]]));
    expect(weights).toMatchObject({ aa: expect.closeTo(0.8), blinkLeft: expect.closeTo(0.6), blinkRight: 0, ou: 0 });
    expect(weights).toMatchObject({ happy: expect.closeTo(0.7) });
    // Looks are the gaze's, and both eyes' blink is its halves.
    expect(Object.keys(weights).filter((name) => /^look|^blink$/.test(name))).toEqual([]);
  });

  it('a gaze to the left and up is yaw and pitch of three-vrm, whose pitch points down', async () => {
    const glb = vrmaOf([frameOf(PosePart.gaze, (values) => values.set([0.3, 0.2], GAZE_OFFSET))]);
    const [x, y, z, w] = (await load(glb)).lookAtTrack!.values;
    // Straight ahead is +Z, left +X, up +Y.
    const ahead = [2 * (x! * z! + w! * y!), 2 * (y! * z! - w! * x!), 1 - 2 * (x! * x! + y! * y!)];
    expect(Math.atan2(ahead[0]!, ahead[2]!)).toBeCloseTo(0.3, 5);
    expect(Math.asin(ahead[1]!)).toBeCloseTo(0.2, 5);
  });

  it('parts that were not sent have no keys, and what was last seen holds where nothing came', async () => {
    const turned = (yawRad: number) => (values: Float32Array) =>
      quatFromEuler(0, yawRad, 0, 'YXZ', values, ROTATIONS_OFFSET + BONE_INDEX.head * 4);
    const glb = vrmaOf([
      frameOf(PosePart.upperBody, turned(0.1), 0),
      frameOf(PosePart.upperBody, turned(0.5), 100),
      frameOf(PosePart.upperBody, turned(1.5), 5000),
    ]);
    expect(await problemsOf(glb)).toEqual([]);
    const { humanoidTracks, lookAtTrack } = await load(glb);
    expect(humanoidTracks.translation.size).toBe(0);
    expect([...humanoidTracks.rotation.keys()].filter((bone) => /Leg|Foot|Toes|Thumb/.test(bone))).toEqual([]);
    expect(lookAtTrack).toBeNull();
    const yawAt = (timeS: number) => 2 * Math.asin(valueAt(humanoidTracks.rotation.get('head')!, timeS)[1]!);
    expect(Math.abs(yawAt(4.8) - 0.5) * DEGREES).toBeLessThan(BONE_MAX_DEG);
    expect(Math.abs(yawAt(5) - 1.5) * DEGREES).toBeLessThan(BONE_MAX_DEG);
  });

  it('a motion without frames, or with none after its start, is no file', () => {
    expect(new VrmaWriter(0, 'Ana').finish()).toBeNull();
    const late = new VrmaWriter(1000, 'Ana');
    late.add(frameOf(ALL_PARTS, () => {}, 999).pose, 999);
    expect(late.finish()).toBeNull();
  });
});
