import { describe, expect, it } from 'vitest';
import type { AvatarData } from '@/lib/avatarFile/decode/avatarData';
import { decodeAvatar } from '@/lib/avatarFile/decode/decodeAvatar';
import { ARKIT_INDEX } from '@/lib/pose/arkit';
import { BONE_INDEX, type BoneName } from '@/lib/pose/bones';
import { type MadeKind, makeAvatar } from './madeAvatar';

const KINDS: readonly MadeKind[] = ['vrm0', 'vrm1', 'mixamo', 'readyPlayerMe'];

function placeOf({ nodes, boneNodes }: AvatarData, bone: BoneName) {
  return nodes[boneNodes[BONE_INDEX[bone]]!]!.place;
}

/** Mean position of the vertices that a bone moves. */
function fleshOf(data: AvatarData, bone: BoneName): number[] {
  const node = data.boneNodes[BONE_INDEX[bone]]!;
  const { positions, joints } = data.meshes[0]!;
  const own = Array.from({ length: positions.length / 3 }, (_, vertex) => vertex).filter((v) => joints[v * 4] === node);
  return [0, 1, 2].map((axis) => own.reduce((sum, v) => sum + positions[v * 3 + axis]!, 0) / own.length);
}

function expectClose(a: readonly number[], b: readonly number[]): void {
  expect(Math.hypot(...a.map((value, axis) => value - b[axis]!))).toBeLessThan(0.03);
}

describe('decodeAvatar', () => {
  it.each(KINDS)('a decoded %s avatar looks along +Z with its left at +X, feet on the floor', (kind) => {
    const data = decodeAvatar(makeAvatar({ kind }));
    expect(placeOf(data, 'leftHand')[0]).toBeGreaterThan(0.4);
    expect(placeOf(data, 'rightHand')[0]).toBeLessThan(-0.4);
    expect(placeOf(data, 'leftToes')[2]).toBeGreaterThan(placeOf(data, 'leftFoot')[2]);
    const heights = data.meshes.flatMap(({ positions }) => [...positions].filter((_, i) => i % 3 === 1));
    expect(Math.abs(Math.min(...heights))).toBeLessThan(0.031);
  });

  it.each(KINDS)('decoding lifts the arms of %s from an A-pose to T-pose, together with their mesh', (kind) => {
    const straight = decodeAvatar(makeAvatar({ kind }));
    const data = decodeAvatar(makeAvatar({ kind, armsDown: 0.7 }));
    for (const bone of ['leftHand', 'rightHand', 'leftLowerArm'] as const) {
      expectClose(placeOf(data, bone), placeOf(straight, bone));
      expectClose(fleshOf(data, bone), fleshOf(straight, bone));
    }
  });

  it('a file in centimetres is decoded in metres', () => {
    const inCentimetres = makeAvatar({
      kind: 'mixamo',
      spoil: (json) => (json.nodes as object[]).push({ scale: [100, 100, 100], children: [0] }),
    });
    expect(placeOf(decodeAvatar(inCentimetres), 'head')[1]).toBeGreaterThan(0.8);
    expect(placeOf(decodeAvatar(inCentimetres), 'head')[1]).toBeLessThan(2);
  });

  it.each(KINDS)('ARKit blendshapes move jaw and lids of %s', (kind) => {
    const { meshes } = decodeAvatar(makeAvatar({ kind }));
    const shapes = meshes.flatMap(({ morphs }) => morphs.map(({ shape }) => shape));
    expect(shapes).toContain(ARKIT_INDEX.jawOpen);
    expect(shapes).toContain(ARKIT_INDEX.eyeBlinkLeft);
    const jaw = meshes[0]!.morphs.find(({ shape }) => shape === ARKIT_INDEX.jawOpen)!;
    expect(Math.max(...jaw.offsets.map(Math.abs))).toBeCloseTo(0.02);
  });

  it('many materials become one draw, each image in its own place of the atlas', () => {
    const data = decodeAvatar(makeAvatar({ kind: 'vrm1', textures: [64, 32, 16, 128] }));
    expect(data.meshes.length).toBeLessThanOrEqual(4);
    if (data.picture?.kind !== 'atlas') throw new Error('no atlas');
    const { cells, sidePx } = data.picture;
    expect(cells).toHaveLength(4);
    for (const { x, y, width, height } of cells) {
      expect(Math.min(x, y)).toBeGreaterThanOrEqual(4);
      expect(Math.max(x + width, y + height)).toBeLessThanOrEqual(sidePx - 4);
      const others = cells.filter((cell) => cell.x !== x || cell.y !== y);
      const apart = (other: (typeof cells)[number]) =>
        other.x >= x + width + 8 ||
        x >= other.x + other.width + 8 ||
        other.y >= y + height + 8 ||
        y >= other.y + other.height + 8;
      expect(others.every(apart)).toBe(true);
    }
    const { uvs } = data.meshes[0]!;
    expect(uvs!.every((value) => value > 0 && value < 1)).toBe(true);
  });

  it('each decoded level is coarser than the one before', () => {
    const [mesh] = decodeAvatar(makeAvatar({ kind: 'vrm1', boxes: 40 })).meshes;
    const counts = mesh!.levels.map(({ length }) => length);
    expect(counts).toHaveLength(4);
    expect(counts.toSorted((a, b) => b - a)).toEqual(counts);
  });

  it('vertices that are not numbers are refused', () => {
    const bytes = makeAvatar({ kind: 'vrm1' });
    const view = new DataView(bytes.buffer);
    // The first accessor is the jaw's morph target.
    view.setFloat32(20 + view.getUint32(12, true) + 8, Number.NaN, true);
    expect(() => decodeAvatar(bytes)).toThrow(expect.objectContaining({ reason: 'numbers' }));
  });
});
