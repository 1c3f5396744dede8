import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { AvatarFileError, type AvatarFileReason } from '@/lib/avatarFile/avatarFileError';
import { decodeAvatar } from '@/lib/avatarFile/decode/decodeAvatar';
import { inspectAvatar, requireWearable } from '@/lib/avatarFile/inspectAvatar';
import { heavyAvatar } from '@/tools/bench/scene/heavyAvatar';
import { type MadeAvatarOptions, type MadeKind, makeAvatar } from './madeAvatar';

const KINDS: readonly MadeKind[] = ['vrm0', 'vrm1', 'mixamo', 'readyPlayerMe'];

type Json = Record<string, Record<string, unknown>[]>;

function reasonOf(work: () => unknown): AvatarFileReason | 'fine' {
  try {
    work();
    return 'fine';
  } catch (error) {
    // Any other error is a bug.
    if (!(error instanceof AvatarFileError)) throw error;
    return error.reason;
  }
}

const spoilt = (spoil: (json: Json) => void, options: Partial<MadeAvatarOptions> = {}) =>
  makeAvatar({ kind: 'vrm1', ...options, spoil: (json) => spoil(json as Json) });

/** Declares the file's triangles to be a level of a part with fewer. */
function coarseLevel(json: Json, times: number): void {
  const [primitive] = json.meshes![0]!.primitives as { indices: number; extras: object }[];
  const fine = json.accessors![primitive!.indices]!;
  const count = (fine.count as number) / times;
  primitive!.extras = { levels: [primitive!.indices] };
  primitive!.indices = json.accessors!.push({ ...fine, count: count - (count % 3) }) - 1;
}

function humanBones(json: Json): Record<string, unknown> {
  const { VRMC_vrm } = json.extensions as unknown as {
    VRMC_vrm: { humanoid: { humanBones: Record<string, unknown> } };
  };
  return VRMC_vrm.humanoid.humanBones;
}

describe('inspectAvatar', () => {
  it.each(KINDS)('a %s file is recognised and its contents are counted', (kind) => {
    const bytes = makeAvatar({ kind, textures: [16, 32] });
    const { report } = inspectAvatar(bytes);
    expect(report.kind).toBe(kind);
    expect(report.figures).toMatchObject({ draws: 2, materials: 2, images: 2, textureSidePx: 32, texturePixels: 1280 });
    expect(report.figures.triangles).toBeGreaterThan(200);
    expect(report.figures.sizeBytes).toBe(bytes.length);
    expect(report.figures.arkitMorphs).toBe(kind === 'mixamo' || kind === 'readyPlayerMe' ? 2 : 0);
  });

  it.each<[AvatarFileReason, string, (json: Json) => void]>([
    ['bounds', 'an accessor past the end of its view', (json) => (json.accessors![0]!.count = 5_000_000)],
    ['bounds', 'a view past the end of the file', (json) => (json.bufferViews![0]!.byteLength = 50_000_000)],
    [
      'count',
      'more values than any avatar has',
      (json) =>
        json.accessors!.push(
          ...Array.from({ length: 90 }, () => ({ count: 1_000_000, type: 'SCALAR', componentType: 5126 })),
        ),
    ],
    [
      'count',
      'a mesh shown by a thousand nodes',
      (json) => json.nodes!.push(...Array.from({ length: 1000 }, () => ({ mesh: 0 }))),
    ],
    ['bounds', 'a coarse level larger than the fine one', (json) => coarseLevel(json, 2)],
    ['json', 'a negative index', (json) => (json.nodes![0]!.mesh = -7)],
    ['json', 'a child of two parents', (json) => json.nodes!.push({ children: [1] })],
    ['json', 'an unknown type', (json) => (json.accessors![0]!.type = 'VEC9')],
    ['external', 'a picture beside the file', (json) => (json.images![0] = { uri: 'https://elsewhere.example/a.png' })],
    ['image', 'a picture that is none', (json) => (json.images![0] = { uri: 'data:image/png;base64,AAAA' })],
    ['numbers', 'a scale beyond all measure', (json) => (json.nodes![0]!.scale = [1e300, 1, 1])],
    ['unsupported', 'Draco', (json) => Object.assign(json, { extensionsRequired: ['KHR_draco_mesh_compression'] })],
    ['skeleton', 'a body without a head', (json) => delete humanBones(json).head],
  ])('a file is refused as %s for %s', (reason, _what, spoil) => {
    expect(reasonOf(() => inspectAvatar(spoilt(spoil)))).toBe(reason);
  });

  it('nodes that form a cycle do not hang the inspection', () => {
    const circle = (json: Json) =>
      json.nodes!.push({ children: [json.nodes!.length + 1] }, { children: [json.nodes!.length] });
    expect(reasonOf(() => inspectAvatar(spoilt(circle)))).toBe('fine');
  });

  it('an image in a data: address is read', () => {
    const png = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';
    const { report } = inspectAvatar(spoilt((json) => (json.images![0] = { uri: `data:image/png;base64,${png}` })));
    expect(report.figures).toMatchObject({ textureSidePx: 1 });
  });

  it.each(KINDS)('a %s file cut off anywhere, or with any byte changed, throws only AvatarFileError', (kind) => {
    const whole = makeAvatar({ kind });
    fc.assert(
      fc.property(
        fc.nat(whole.length),
        fc.array(fc.tuple(fc.nat(whole.length - 1), fc.nat(255)), { maxLength: 12 }),
        (end, changes) => {
          const bytes = whole.slice(0, Math.max(end, 12));
          for (const [at, value] of changes) if (at < bytes.length) bytes[at] = value;
          reasonOf(() => decodeAvatar(bytes));
          // The JSON chunk, where most of the structure is, begins at byte 20.
          const text = whole.slice();
          for (const [at, value] of changes) text[20 + (at % 6000)] = value;
          reasonOf(() => decodeAvatar(text));
        },
      ),
      { numRuns: 150 },
    );
  });

  it('any JSON in the place of any part throws only AvatarFileError', () => {
    const parts = [
      'nodes',
      'meshes',
      'skins',
      'accessors',
      'bufferViews',
      'materials',
      'textures',
      'images',
      'extensions',
    ];
    fc.assert(
      fc.property(fc.constantFrom(...parts), fc.nat(40), fc.string(), fc.jsonValue(), (part, index, name, value) => {
        const bytes = spoilt((json) => {
          const list = json[part] as unknown;
          const target = Array.isArray(list) ? list[index % Math.max(1, list.length)] : list;
          const names = Object.keys((target ?? {}) as object);
          const key = names[index % Math.max(1, names.length)] ?? name;
          if (target) (target as Record<string, unknown>)[key] = value;
          else Object.assign(json, { [part]: value });
        });
        reasonOf(() => decodeAvatar(bytes));
      }),
      { numRuns: 400 },
    );
  });

  it('any bytes throw only AvatarFileError', () => {
    const anyBytes = fc.uint8Array({ maxLength: 200 });
    fc.assert(fc.property(anyBytes, (bytes) => reasonOf(() => inspectAvatar(bytes)) === 'container'));
  });
});

describe('requireWearable', () => {
  it('an avatar within the limits is accepted', () => {
    expect(reasonOf(() => requireWearable(inspectAvatar(makeAvatar({ kind: 'vrm1' })).report))).toBe('fine');
  });

  it('an avatar that is too heavy is refused with the reason and still reported on', () => {
    const { report } = inspectAvatar(heavyAvatar());
    expect(report.rank).toBe('tooHeavy');
    expect(report.ranks.find(({ figure }) => figure === 'triangles')).toMatchObject({
      rank: 'tooHeavy',
      next: { rank: 'poor', atMost: 32_000 },
    });
    expect(() => requireWearable(report)).toThrow('more than 32000 triangles');
  });

  it('images that are too large are refused before they are decoded', () => {
    const huge = (json: Json) => {
      const [view] = [json.images![0]!.bufferView as number];
      json.images!.push(...Array.from({ length: 16 }, () => ({ bufferView: view, mimeType: 'image/png' })));
    };
    expect(inspectAvatar(spoilt(huge)).report.rank).toBe('tooHeavy');
  });
});
