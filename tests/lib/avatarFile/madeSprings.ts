import type { MadeKind } from './madeAvatar';

type Json = Record<string, Record<string, unknown>[]> & { extensions: Record<string, object> };

/** Nodes of a strand, from the first that swings to the tip. */
export const STRAND = ['hair0', 'hair1', 'hair2', 'hairTip'] as const;
export const COLLIDERS = 3;

const nodeNamed = (json: Json, name: string): number => json.nodes!.findIndex((node) => node.name === name);

/** Hangs a strand of rotated nodes on a bone. Returns the index of its first node. */
function addStrand(json: Json, bone: string): number {
  const first = json.nodes!.length;
  STRAND.forEach((name, link) => {
    const half = 0.1 * (link + 1);
    json.nodes!.push({
      name,
      translation: link === 0 ? [0.06, 0.1, -0.02] : [0.01, -0.08, -0.02],
      rotation: [Math.sin(half), 0, 0, Math.cos(half)],
      ...(link < STRAND.length - 1 ? { children: [first + link + 1] } : {}),
    });
  });
  const above = json.nodes![nodeNamed(json, bone)]!;
  above.children = [...((above.children as number[] | undefined) ?? []), first];
  return first;
}

/** Gives a made VRM a strand that swings in front of two colliders and behind a third, in the form of its version. */
export function addSprings(kind: MadeKind, bone = 'head', gravityDir: readonly number[] = [0, -1, 0]) {
  return (plain: Record<string, unknown>): void => {
    const json = plain as unknown as Json;
    const first = addStrand(json, bone);
    const [head, hips] = [nodeNamed(json, 'head'), nodeNamed(json, 'hips')];
    (plain.extensionsUsed as string[]).push(...(kind === 'vrm0' ? ['VRM'] : ['VRMC_vrm', 'VRMC_springBone']));
    if (kind === 'vrm0')
      Object.assign(json.extensions.VRM!, { secondaryAnimation: vrm0(first, head, hips, gravityDir) });
    else json.extensions.VRMC_springBone = vrm1(first, head, hips, gravityDir);
  };
}

function vrm1(first: number, head: number, hips: number, gravityDir: readonly number[]): object {
  const swing = { hitRadius: 0.02, stiffness: 0.8, gravityPower: 0.3, gravityDir, dragForce: 0.35 };
  return {
    specVersion: '1.0',
    colliders: [
      { node: head, shape: { sphere: { offset: [0.02, 0.05, 0.03], radius: 0.09 } } },
      { node: hips, shape: { capsule: { offset: [0.1, 0, 0.02], tail: [-0.1, 0.1, 0], radius: 0.1 } } },
      { node: head, shape: { sphere: { radius: 0.07 } } },
    ],
    colliderGroups: [{ colliders: [0, 2] }, { colliders: [1, 0] }],
    springs: [
      { joints: STRAND.map((_, link) => ({ node: first + link, ...swing })), colliderGroups: [0, 1], center: hips },
    ],
  };
}

function vrm0(first: number, head: number, hips: number, [x, y, z]: readonly number[]): object {
  return {
    colliderGroups: [
      { node: head, colliders: [{ offset: { x: 0.02, y: 0.05, z: 0.03 }, radius: 0.09 }, { radius: 0.07 }] },
      { node: hips, colliders: [{ offset: { x: -0.05, y: 0, z: 0.04 }, radius: 0.1 }] },
    ],
    boneGroups: [
      {
        ...{ bones: [first], colliderGroups: [0, 1], center: hips, hitRadius: 0.02 },
        ...{ stiffiness: 0.8, gravityPower: 0.3, gravityDir: { x, y, z }, dragForce: 0.35 },
      },
    ],
  };
}
