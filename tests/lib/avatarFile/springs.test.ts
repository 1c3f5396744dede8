import { type VRM, VRMLoaderPlugin, VRMUtils } from '@pixiv/three-vrm';
import * as fc from 'fast-check';
import { type Object3D, Texture, Vector3 } from 'three';
import { GLTFLoader } from 'three/addons/loaders/GLTFLoader.js';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import type { AvatarData, DataSprings } from '@/lib/avatarFile/decode/avatarData';
import { decodeAvatar } from '@/lib/avatarFile/decode/decodeAvatar';
import { SPRING_LIMITS } from '@/lib/avatarFile/limits';
import { springsFromVrm } from '@/tests/scene/avatar/springsFromVrm';
import { type MadeAvatarOptions, type MadeKind, makeAvatar } from './madeAvatar';
import { addSprings, COLLIDERS, STRAND } from './madeSprings';

const KINDS: readonly MadeKind[] = ['vrm0', 'vrm1'];

/** GLTFLoader expects a browser's `self`. */
beforeAll(() => void vi.stubGlobal('self', globalThis));

async function readByThree(bytes: Uint8Array<ArrayBuffer>): Promise<VRM> {
  const loader = new GLTFLoader();
  loader.register(() => ({ name: 'no pictures', loadTexture: async () => new Texture() }));
  loader.register((parser) => new VRMLoaderPlugin(parser));
  const vrm = (await loader.parseAsync(bytes.buffer, '')).userData.vrm as VRM;
  VRMUtils.rotateVRM0(vrm);
  vrm.scene.updateMatrixWorld(true);
  return vrm;
}

function springsOf({ springs }: AvatarData): DataSprings {
  if (!springs) throw new Error('nothing swings');
  return springs;
}

/** The same file as read by us and by three-vrm: places in root space, by the names of nodes. */
async function bothReadings(bytes: Uint8Array<ArrayBuffer>) {
  const vrm = await readByThree(bytes);
  const tree: Object3D[] = [];
  vrm.scene.traverse((node) => tree.push(node));
  const theirs = springsFromVrm(vrm.springBoneManager!, new Map(tree.map((node, index) => [node, index])));
  const data = decodeAvatar(bytes);
  const place = (node: number, [x, y, z]: readonly [number, number, number]) => {
    const from = data.nodes[node]!.place;
    return new Vector3(from[0] + x, from[1] + y, from[2] + z);
  };
  const theirPlace = (node: number, point: readonly [number, number, number]) =>
    tree[node]!.localToWorld(new Vector3(...point));
  return {
    ours: { springs: springsOf(data), nameOf: (node: number) => data.nodes[node]?.name, place },
    theirs: { springs: theirs, nameOf: (node: number) => tree[node]?.name, place: theirPlace },
  };
}

type Reading = Awaited<ReturnType<typeof bothReadings>>['ours'] | Awaited<ReturnType<typeof bothReadings>>['theirs'];

/** The parts of a joint that matter, with its colliders by their places. */
function described({ springs, nameOf, place }: Reading) {
  const rounded = (values: readonly number[]) => values.map((value) => Number(value.toFixed(5)) + 0);
  const collider = (index: number) => {
    const { node, offset, tail, radius } = springs.colliders[index]!;
    return [...place(node, offset).toArray(), ...place(node, tail ?? offset).toArray(), radius];
  };
  return springs.joints.map(({ node, tail, stiffness, gravity, dragForce, hitRadius, center, colliders }) => ({
    name: nameOf(node),
    center: nameOf(center),
    ends: rounded([...place(node, [0, 0, 0]).toArray(), ...place(node, tail).toArray()]),
    swing: rounded([stiffness, ...gravity, dragForce, hitRadius]),
    colliders: [...new Set(colliders)].map((index) => rounded(collider(index)).join()).sort(),
  }));
}

const withStrand = (kind: MadeKind, options: Partial<MadeAvatarOptions> = {}, bone?: string) =>
  makeAvatar({ kind, spoil: addSprings(kind, bone), ...options });

describe('springs of a file', () => {
  it.each(KINDS)('springs of %s are read as three-vrm reads them', async (kind) => {
    const { ours, theirs } = await bothReadings(withStrand(kind));
    expect(described(ours)).toEqual(described(theirs));
    expect(ours.springs.joints.length).toBe(kind === 'vrm0' ? STRAND.length : STRAND.length - 1);
    expect(ours.springs.colliders).toHaveLength(COLLIDERS);
    expect(new Set(ours.springs.joints[0]!.colliders).size).toBe(COLLIDERS);
  });

  // UniVRM's own step from 0.x to 1.0 (MigrateVector3) turns (x, y, z) to (-x, y, z), for a body that looks along +Z.
  it.each<[MadeKind, number]>([
    ['vrm0', -1],
    ['vrm1', 1],
  ])('a sideways wind of %s blows springs to the correct side', (kind, side) => {
    const data = decodeAvatar(makeAvatar({ kind, spoil: addSprings(kind, 'head', [0.6, 0, 0.8]) }));
    const [x, y, z] = springsOf(data).joints[0]!.gravity;
    expect(x).toBeCloseTo(side * 0.18);
    expect(y).toBeCloseTo(0);
    expect(z).toBeCloseTo(0.24);
  });

  it.each(KINDS)('springs of %s are nodes of their own beside the bones, one below another', (kind) => {
    const data = decodeAvatar(withStrand(kind));
    const nodes = springsOf(data).joints.map(({ node }) => data.nodes[node]!);
    expect(nodes.map(({ name }) => name)).toEqual(STRAND.slice(0, nodes.length));
    expect(nodes.map(({ parent }) => data.nodes[parent]!.name)).toEqual(['head', ...STRAND.slice(0, nodes.length - 1)]);
    data.nodes.forEach(({ parent }, index) => {
      expect(parent).toBeLessThan(index);
    });
    expect(data.boneNodes.some((node) => springsOf(data).joints.some((joint) => joint.node === node))).toBe(false);
  });

  it.each(KINDS)('springs of %s are straightened with their arm', (kind) => {
    const lengthsOf = ({ springs }: AvatarData) => springs!.joints.map(({ tail }) => Math.hypot(...tail));
    const straight = decodeAvatar(withStrand(kind, {}, 'leftHand'));
    const lowered = decodeAvatar(withStrand(kind, { armsDown: 0.7 }, 'leftHand'));
    lengthsOf(lowered).forEach((length, i) => {
      expect(length).toBeCloseTo(lengthsOf(straight)[i]!, 5);
    });
    const placeOf = (data: AvatarData) => new Vector3(...data.nodes[springsOf(data).joints[0]!.node]!.place);
    const handOf = (data: AvatarData) => new Vector3(...data.nodes.find(({ name }) => name === 'leftHand')!.place);
    expect(placeOf(lowered).distanceTo(handOf(lowered))).toBeCloseTo(placeOf(straight).distanceTo(handOf(straight)), 5);
    expect(handOf(lowered).distanceTo(handOf(straight))).toBeLessThan(0.03);
  });

  it('springs leave bones of the body to the pose, even if a file lets them swing', () => {
    const bytes = makeAvatar({
      kind: 'vrm0',
      spoil: (json) => {
        addSprings('vrm0')(json);
        const { VRM } = json.extensions as { VRM: { secondaryAnimation: { boneGroups: { bones: number[] }[] } } };
        VRM.secondaryAnimation.boneGroups[0]!.bones = [0];
      },
    });
    const data = decodeAvatar(bytes);
    expect(springsOf(data).joints.map(({ node }) => data.nodes[node]!.name)).toEqual(STRAND);
  });

  it('a file without springs has none', () => {
    expect(decodeAvatar(makeAvatar({ kind: 'vrm1' })).springs).toBeNull();
    expect(decodeAvatar(makeAvatar({ kind: 'mixamo' })).springs).toBeNull();
  });

  it('springs are limited, however many a file names', () => {
    const many = (json: Record<string, unknown>) => {
      const nodes = json.nodes as { children?: number[] }[];
      const first = nodes.length;
      const count = 2000;
      for (let i = 0; i < count; i += 1)
        nodes.push({ translation: [0, -0.001, 0], ...(i < count - 1 ? { children: [first + i + 1] } : {}) } as object);
      nodes[0]!.children!.push(first);
      const sphere = { node: 0, shape: { sphere: { radius: 0.1 } } };
      const indices = Array.from({ length: 500 }, (_, index) => index);
      (json.extensions as Record<string, object>).VRMC_springBone = {
        colliders: indices.map(() => sphere),
        colliderGroups: indices.map(() => ({ colliders: indices })),
        springs: [
          { joints: Array.from({ length: count }, (_, i) => ({ node: first + i })), colliderGroups: indices },
          { joints: [{ node: first }, { node: 1e9 }, { node: -1 }, {}], colliderGroups: [7000] },
        ],
      };
    };
    const { joints, colliders } = springsOf(decodeAvatar(makeAvatar({ kind: 'vrm1', spoil: many })));
    expect(joints).toHaveLength(SPRING_LIMITS.joints);
    expect(colliders).toHaveLength(SPRING_LIMITS.colliders);
    const touches = joints.reduce((sum, joint) => sum + joint.colliders.length, 0);
    expect(touches).toBe(SPRING_LIMITS.touches);
  });

  it.each(KINDS)('springs are sound or refused, whatever %s contains', (kind) => {
    const extreme = fc.constantFrom(-1, 0, 1e30, -1e6, 1e6, 1e-30, null, 'x', [1e30, 0, 0], [[]]);
    const value = fc.oneof(fc.jsonValue(), extreme);
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat(), value), { minLength: 1, maxLength: 4 }), (changes) => {
        const bytes = makeAvatar({
          kind,
          spoil: (json) => {
            addSprings(kind)(json);
            for (const [at, other] of changes) changeSome(springsIn(json), at, other);
          },
        });
        const data = decodedOrRefused(bytes);
        if (data?.springs) expectSound(data, data.springs);
      }),
      { numRuns: 300 },
    );
  });
});

function springsIn(json: Record<string, unknown>): object {
  const { VRM, VRMC_springBone } = json.extensions as Record<string, { secondaryAnimation: object } & object>;
  return VRMC_springBone ?? VRM!.secondaryAnimation;
}

/** Puts `value` somewhere in `tree`. */
function changeSome(tree: object, at: number, value: unknown): void {
  const places: [Record<string, unknown>, string][] = [];
  const walk = (part: unknown) => {
    if (typeof part !== 'object' || part === null) return;
    for (const key of Object.keys(part)) {
      places.push([part as Record<string, unknown>, key]);
      walk((part as Record<string, unknown>)[key]);
    }
  };
  walk(tree);
  const [part, key] = places[at % places.length]!;
  part[key] = structuredClone(value);
}

function decodedOrRefused(bytes: Uint8Array): AvatarData | null {
  try {
    return decodeAvatar(bytes);
  } catch (error) {
    expect(error).toMatchObject({ name: 'AvatarFileError' });
    return null;
  }
}

function expectSound({ nodes }: AvatarData, { joints, colliders }: DataSprings): void {
  for (const { node, tail, stiffness, gravity, dragForce, hitRadius, center, colliders: touched } of joints) {
    expect(nodes[node]).toBeDefined();
    expect(center === -1 || nodes[center]).toBeTruthy();
    for (const number of [...tail, stiffness, ...gravity, hitRadius])
      expect(Number.isFinite(Math.fround(number))).toBe(true);
    expect(dragForce).toBeGreaterThanOrEqual(0);
    expect(dragForce).toBeLessThanOrEqual(1);
    expect(touched.every((index) => colliders[index] !== undefined)).toBe(true);
  }
  for (const { node, offset, tail, radius } of colliders) {
    expect(nodes[node]).toBeDefined();
    expect([...offset, ...(tail ?? []), radius].every((number) => Number.isFinite(Math.fround(number)))).toBe(true);
  }
}
