import { afterEach, describe, expect, it, vi } from 'vitest';
import { AvatarFileError, type AvatarFileReason } from '@/lib/avatarFile/avatarFileError';
import { decodeAvatar } from '@/lib/avatarFile/decode/decodeAvatar';
import { SPRING_LIMITS } from '@/lib/avatarFile/limits';
import { SpringJoints } from '@/lib/avatarFile/springs/fileSprings';
import { changedAvatar, HOSTILE_AVATARS } from '@/tools/avatarFile/hostileAvatars';

function outcomeOf(bytes: Uint8Array): AvatarFileReason | 'fine' {
  try {
    decodeAvatar(bytes);
    return 'fine';
  } catch (error) {
    if (!(error instanceof AvatarFileError)) throw error;
    return error.reason;
  }
}

const repeated = <Value>(count: number, value: Value): Value[] => new Array<Value>(count).fill(value);

/** A JPEG of 16 x 16 pixels whose size stands behind `before`. */
const jpegAfter = (before: readonly number[]) =>
  Uint8Array.from([0xff, 0xd8, ...before, 0xff, 0xc0, 0, 17, 8, 0, 16, 0, 16, 0, 0, 0, 0]);

function avatarWithImages(jpeg: Uint8Array, count: number) {
  return changedAvatar((json, addView) => {
    const bufferView = addView(jpeg);
    json['images'] = repeated(count, { bufferView, mimeType: 'image/jpeg' });
  });
}

afterEach(() => vi.restoreAllMocks());

describe('avatar files that are made to cost their readers', () => {
  it.each<[string, AvatarFileReason | 'fine']>([
    ['fill-bytes-60', 'image'],
    ['fill-bytes-8192', 'count'],
    ['empty-targets', 'count'],
    ['nested-json', 'container'],
    ['many-keys', 'count'],
    ['many-primitives', 'count'],
    ['base64-uri', 'fine'],
    ['shared-names', 'count'],
    ['expressions', 'count'],
    ['repeated-joints', 'count'],
    ['empty-springs', 'count'],
    ['merged-shapes', 'tooHeavy'],
    ['zero-targets', 'tooHeavy'],
  ])('the file "%s" ends as %s', (name, outcome) => {
    expect(outcomeOf(HOSTILE_AVATARS[name]!())).toBe(outcome);
  });

  it('every hostile file has its expected end', () => {
    expect(Object.keys(HOSTILE_AVATARS)).toHaveLength(13);
  });

  it('images that share their bytes are looked at once', () => {
    const jpeg = jpegAfter(repeated(5000, 0xff));
    const looks = (count: number) => {
      const spy = vi.spyOn(DataView.prototype, 'getUint8');
      outcomeOf(avatarWithImages(jpeg, count));
      const calls = spy.mock.calls.length;
      spy.mockRestore();
      return calls;
    };
    const forOne = looks(1);
    expect(forOne).toBeGreaterThan(5000);
    // Sixteen are no more work than one, apart from what else is read.
    expect(looks(16)).toBeLessThan(forOne + 100);
  });

  it('an image is looked through for 64 KiB at most, but its segments may be longer', () => {
    expect(outcomeOf(avatarWithImages(jpegAfter(repeated(70_000, 0xff)), 1))).toBe('image');
    const profile = repeated(20, [0xff, 0xe2, 0xff, 0xff, ...repeated(0xfffd, 7)]).flat();
    expect(outcomeOf(avatarWithImages(jpegAfter(profile), 1))).toBe('fine');
  });

  it('names and expressions are read once, however many nodes and meshes share them', () => {
    const names = Array.from({ length: 200 }, (_, index) => `shape${index}`);
    const file = (nodes: number) =>
      changedAvatar((json) => {
        const custom = Object.fromEntries(names.map((name) => [name, { morphTargetBinds: [] }]));
        json.extensions['VRMC_vrm']!['expressions'] = { custom };
        for (let node = 0; node < nodes; node += 1) {
          const mesh = json['meshes']!.push({ primitives: [], extras: { targetNames: node === 0 ? names : [] } }) - 1;
          json['nodes']!.push({ mesh }, { mesh: mesh - node });
        }
      });
    const folded = (nodes: number) => {
      const bytes = file(nodes);
      const spy = vi.spyOn(String.prototype, 'toLowerCase');
      expect(outcomeOf(bytes)).toBe('fine');
      const calls = spy.mock.calls.length;
      spy.mockRestore();
      return calls;
    };
    expect(folded(200)).toBe(folded(1));
  });

  it('the colliders of a spring are collected for no more joints than may swing', () => {
    const joints = new SpringJoints((node) => node !== 3);
    let collected = 0;
    const touched = () => {
      collected += 1;
      return [];
    };
    const joint = { end: -1, stiffness: 1, gravity: [0, 0, 0], dragForce: 0, hitRadius: 0, center: -1 } as const;
    for (let i = 0; i < 5000; i += 1) joints.add({ node: i % 1000, ...joint }, touched);
    expect(collected).toBe(SPRING_LIMITS.joints);
  });
});
