import { readFileSync } from 'node:fs';
import validator from 'gltf-validator';
import { describe, expect, it } from 'vitest';
import { restBody } from '@/lib/avatarFile/decode/restBody';
import { readGlb } from '@/lib/avatarFile/gltf/glb';
import { composeMatrix, multiplyMatrices, originOf, type Point, rotationOf } from '@/lib/avatarFile/gltf/matrix';
import { inspectAvatar } from '@/lib/avatarFile/inspectAvatar';
import { AvatarMotionWriter } from '@/lib/export/avatarMotion';
import { ARKIT_INDEX } from '@/lib/pose/arkit';
import { BONE_INDEX } from '@/lib/pose/bones';
import {
  ALL_PARTS,
  createPose,
  FACE_OFFSET,
  GAZE_OFFSET,
  HIPS_OFFSET,
  type Pose,
  ROTATIONS_OFFSET,
} from '@/lib/pose/pose';
import { angleBetweenQuats, mulQuat, rotateVector } from '@/lib/pose/quat';
import { type MadeAvatarOptions, makeAvatar } from '@/tests/lib/avatarFile/madeAvatar';
import { livelyPoses } from './motionWorld';

const DEGREES = 180 / Math.PI;
const PLACE_MAX_M = 0.002;

interface Animated {
  readonly nodes: ReadonlyArray<Record<'translation' | 'rotation' | 'scale' | 'matrix', number[] | undefined>>;
  readonly accessors: ReadonlyArray<{ bufferView: number; byteOffset?: number; count: number; type: string }>;
  readonly bufferViews: ReadonlyArray<{ byteOffset: number }>;
  readonly animations: ReadonlyArray<{
    readonly name: string;
    readonly samplers: ReadonlyArray<{ readonly input: number; readonly output: number }>;
    readonly channels: ReadonlyArray<{ readonly sampler: number; readonly target: { node: number; path: string } }>;
  }>;
}

/** The values that a file's last animation gives to a property of a node at its beginning; null if it leaves it alone. */
function firstValues(file: Uint8Array, node: number, path: string): number[] | null {
  const { json, bin } = readGlb(file);
  const { animations, accessors, bufferViews } = json as Animated;
  const { samplers, channels } = animations.at(-1)!;
  const channel = channels.find(({ target }) => target.node === node && target.path === path);
  if (!channel) return null;
  const { input, output } = samplers[channel.sampler]!;
  const { bufferView, byteOffset = 0, count } = accessors[output]!;
  const size = count / accessors[input]!.count;
  const width = { SCALAR: 1, VEC3: 3, VEC4: 4 }[accessors[output]!.type]!;
  const at = bin.byteOffset + bufferViews[bufferView]!.byteOffset + byteOffset;
  return [...new Float32Array(bin.buffer.slice(at, at + size * width * 4))];
}

/** Matrices of all nodes of a file as its animation begins, in the space of poses. */
function posedWorlds(file: Uint8Array): (Float64Array | null)[] {
  const { gltf, humanoid } = inspectAvatar(file);
  const { frame } = restBody(gltf, humanoid, new Set());
  const { nodes } = readGlb(file).json as Animated;
  const worlds: (Float64Array | null)[] = nodes.map(() => null);
  for (const node of gltf.order) {
    const { translation, rotation, scale, matrix } = nodes[node]!;
    const local = matrix
      ? Float64Array.from(matrix)
      : composeMatrix(
          firstValues(file, node, 'translation') ?? translation ?? [0, 0, 0],
          firstValues(file, node, 'rotation') ?? rotation ?? [0, 0, 0, 1],
          scale ?? [1, 1, 1],
        );
    const { parent } = gltf.nodes[node]!;
    worlds[node] = multiplyMatrices(parent < 0 ? frame : worlds[parent]!, local);
  }
  return worlds;
}

/** Where the bones of a file's body are in a pose, and how far each is turned from T-pose: what the scene draws. */
function expectedBones(file: Uint8Array, { values }: Pose) {
  const { gltf, humanoid } = inspectAvatar(file);
  const body = restBody(gltf, humanoid, new Set());
  const turns: Float64Array[] = [];
  const places: Point[] = [];
  const bones: number[] = [];
  body.nodes.forEach(({ name, parent, place }, k) => {
    const bone = BONE_INDEX[name as keyof typeof BONE_INDEX];
    const above = turns[parent] ?? Float64Array.of(0, 0, 0, 1);
    const turn = new Float64Array(4);
    mulQuat(above, 0, [...values.subarray(ROTATIONS_OFFSET + bone * 4, ROTATIONS_OFFSET + bone * 4 + 4)], 0, turn, 0);
    const [px, py, pz] = body.nodes[parent]?.place ?? [0, 0, 0];
    const arm = Float64Array.of(place[0] - px, place[1] - py, place[2] - pz);
    rotateVector(above, 0, arm, 0, arm, 0);
    const from = places[parent] ?? [values[HIPS_OFFSET]!, values[HIPS_OFFSET + 1]!, values[HIPS_OFFSET + 2]!];
    turns[k] = turn;
    places[k] = [from[0] + arm[0]!, from[1] + arm[1]!, from[2] + arm[2]!];
    bones[k] = bone;
  });
  return { bones, turns, places, nodeOf: (bone: number) => humanoid.boneNodes[bone]!, placements: body.placements };
}

function expectPosed(file: Uint8Array, pose: Pose): Uint8Array {
  const writer = new AvatarMotionWriter(file, 0, 'Ana');
  writer.add({ values: pose.values, parts: ALL_PARTS }, 0);
  const moved = writer.finish()!;
  const worlds = posedWorlds(moved);
  const { bones, turns, places, nodeOf, placements } = expectedBones(file, pose);
  bones.forEach((bone, k) => {
    const world = worlds[nodeOf(bone)]!;
    const place = originOf(world);
    expect(Math.hypot(...place.map((value, axis) => value - places[k]![axis]!))).toBeLessThan(PLACE_MAX_M);
    const turned = new Float64Array(4);
    mulQuat(turns[k]!, 0, rotationOf(placements[nodeOf(bone)]!), 0, turned, 0);
    expect(angleBetweenQuats(rotationOf(world), 0, turned, 0) * DEGREES).toBeLessThan(0.05);
  });
  return moved;
}

async function errorsOf(file: Uint8Array): Promise<string[]> {
  const { issues } = await validator.validateBytes(file);
  return issues.messages.filter(({ severity }) => severity === 0).map(({ code, pointer }) => `${code} ${pointer}`);
}

const defaultAvatar = (key: string) => new Uint8Array(readFileSync(`public/models/${key}.vrm`));
const POSE = livelyPoses(3)[45]!;

describe('an avatar with a recorded motion', () => {
  it.each(['ada', 'gus'])('the default avatar %s is posed as the scene poses it, and stays valid glTF', async (key) => {
    const file = defaultAvatar(key);
    const moved = expectPosed(file, POSE);
    expect(await errorsOf(moved)).toEqual(await errorsOf(file));
    expect(await errorsOf(moved)).toEqual([]);
  });

  it.each<MadeAvatarOptions>([
    { kind: 'vrm0' },
    { kind: 'vrm1', armsDown: 0.8 },
    { kind: 'mixamo', armsDown: 0.7 },
    { kind: 'readyPlayerMe' },
  ])('an avatar file is posed from its own rest pose: %o', async (options) => {
    const file = new Uint8Array(makeAvatar(options));
    const before = await errorsOf(file);
    const moved = expectPosed(file, POSE);
    expect((await errorsOf(moved)).filter((error) => !before.includes(error))).toEqual([]);
  });

  it('the face moves the morph targets, and the gaze those of the eyes', () => {
    const pose = createPose();
    pose.values[FACE_OFFSET + ARKIT_INDEX.jawOpen] = 0.5;
    pose.values[GAZE_OFFSET] = 0.26;
    const moved = expectPosed(defaultAvatar('ada'), pose);
    const { gltf } = inspectAvatar(moved);
    const face = gltf.nodes.findIndex(({ mesh }) => (gltf.meshes[mesh]?.targetNames.length ?? 0) > 0);
    const weights = firstValues(moved, face, 'weights')!;
    const names = gltf.meshes[gltf.nodes[face]!.mesh]!.targetNames;
    const used = Object.fromEntries(names.map((name, k) => [name, weights[k]!]).filter(([, weight]) => weight !== 0));
    expect(used).toEqual({ jawOpen: 0.5, eyeLookOutLeft: expect.closeTo(0.5), eyeLookInRight: expect.closeTo(0.5) });
  });

  it('keys between which a bone moves evenly are left out, and those that stay are near', () => {
    const poses = livelyPoses(4);
    const writer = new AvatarMotionWriter(defaultAvatar('ada'), 0, 'Ana');
    poses.forEach(({ values }, k) => {
      writer.add({ values, parts: ALL_PARTS }, (k * 1000) / 30);
    });
    const { accessors, animations } = readGlb(writer.finish()!).json as Animated;
    const { name, samplers } = animations.at(-1)!;
    expect(name).toBe('Ana');
    const keys = samplers.reduce((sum, { input }) => sum + accessors[input]!.count, 0);
    expect(keys).toBeLessThan(0.5 * poses.length * samplers.length);
  });

  it('a motion without frames is no file', () => {
    expect(new AvatarMotionWriter(defaultAvatar('ada'), 0, 'Ana').finish()).toBeNull();
  });
});
