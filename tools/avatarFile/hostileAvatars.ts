import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ARKIT_BLENDSHAPES } from '@/lib/pose/arkit';

type Entry = Record<string, unknown>;
/** The description of a glTF as this file changes it. */
export type LooseGltf = Record<string, Entry[]> & { extensions: Record<string, Entry> };

/** As many as the limit of triangles leaves, beside the body of the default avatar. */
const VERTICES = 78_000;
const HEADER_BYTES = 20;
const JSON_CHUNK = 0x4e4f534a;
const BIN_CHUNK = 0x004e4942;
const GLB_MAGIC = 0x46546c67;

const padded = (bytes: Uint8Array, filler: number): Buffer =>
  Buffer.concat([bytes, Buffer.alloc(-bytes.length & 3, filler)]);

function chunk(type: number, bytes: Buffer): Buffer {
  const head = Buffer.alloc(8);
  head.writeUInt32LE(bytes.length, 0);
  head.writeUInt32LE(type, 4);
  return Buffer.concat([head, bytes]);
}

/** A GLB of a description, as text, and a binary chunk. */
function glbOf(json: string, bin: Uint8Array): Uint8Array<ArrayBuffer> {
  const body = Buffer.concat([chunk(JSON_CHUNK, padded(Buffer.from(json), 0x20)), chunk(BIN_CHUNK, padded(bin, 0))]);
  const head = Buffer.alloc(12);
  head.writeUInt32LE(GLB_MAGIC, 0);
  head.writeUInt32LE(2, 4);
  head.writeUInt32LE(12 + body.length, 8);
  return Uint8Array.from(Buffer.concat([head, body]));
}

/** Changes the description of a default avatar and adds bytes to its data. `text` rewrites the finished JSON. */
export function changedAvatar(
  change: (json: LooseGltf, addView: (bytes: Uint8Array) => number) => void,
  text: (json: string) => string = (json) => json,
): Uint8Array<ArrayBuffer> {
  const file = readFileSync(join(process.cwd(), 'public', 'models', 'ada-lod2.vrm'));
  const jsonBytes = file.readUInt32LE(12);
  const json = JSON.parse(file.toString('utf8', HEADER_BYTES, HEADER_BYTES + jsonBytes)) as LooseGltf;
  const parts: Uint8Array[] = [padded(file.subarray(HEADER_BYTES + jsonBytes + 8), 0)];
  const sizeBytes = () => parts.reduce((sum, part) => sum + part.length, 0);
  change(json, (bytes) => {
    const byteOffset = sizeBytes();
    parts.push(padded(bytes, 0));
    json['buffers']![0]!['byteLength'] = sizeBytes();
    return json['bufferViews']!.push({ buffer: 0, byteOffset, byteLength: bytes.length }) - 1;
  });
  return glbOf(text(JSON.stringify(json)), Buffer.concat(parts));
}

const repeated = <Value>(count: number, of: (index: number) => Value): Value[] =>
  Array.from({ length: count }, (_, index) => of(index));

/** A frame of 16 x 16 pixels: where a JPEG's size is. */
const FRAME_START = [0xff, 0xc0, 0, 17, 8, 0, 16, 0, 16];

/** A JPEG that is nothing but fill bytes, until its very end. */
function fillBytes(sizeBytes: number): Uint8Array {
  const bytes = new Uint8Array(sizeBytes).fill(0xff);
  bytes[1] = 0xd8;
  bytes.set(FRAME_START, sizeBytes - FRAME_START.length);
  return bytes;
}

const sharedFill = (images: number, sizeBytes: number) => () =>
  changedAvatar((json, addView) => {
    const bufferView = addView(fillBytes(sizeBytes));
    json['images'] = repeated(images, () => ({ bufferView, mimeType: 'image/jpeg' }));
  });

/** Puts `text` into the description where nobody reads it. */
const inExtras = (text: string) => () =>
  changedAvatar(
    () => {},
    (json) => `${json.slice(0, -1)},"extras":${text}}`,
  );

/** The first primitive of the first mesh. */
const firstPrimitive = (json: LooseGltf) => (json['meshes']![0]!['primitives'] as Entry[])[0]!;

/** A primitive of `count` vertices, all of them zero, which take no bytes in the file. */
function emptyPrimitive(json: LooseGltf, count: number): { attributes: Entry; zeros: number } {
  const zeros = json['accessors']!.push({ count, type: 'VEC3', componentType: 5126 }) - 1;
  return { attributes: { POSITION: zeros }, zeros };
}

/** Names as long as any, none the same. */
const longNames = (count: number) => repeated(count, (index) => `Ä${index}`.padEnd(256, 'Ä'));

/**
 * Files that are made to cost their readers as much time or memory as possible; each is a whole GLB with a body.
 */
export const HOSTILE_AVATARS: Readonly<Record<string, () => Uint8Array<ArrayBuffer>>> = {
  /** 9 MB of JPEG fill bytes, looked through for each of the images that share them. */
  'fill-bytes-60': sharedFill(60, 9_000_000),
  'fill-bytes-8192': sharedFill(8192, 9_000_000),
  'empty-targets': () =>
    changedAvatar((json) => {
      const { attributes } = firstPrimitive(json);
      const targets = repeated(512, () => ({}));
      json['meshes']!.push({ primitives: repeated(4400, () => ({ attributes, targets })) });
    }),
  'nested-json': inExtras('['.repeat(3_900_000) + ']'.repeat(3_900_000)),
  'many-keys': inExtras(`{${repeated(560_000, (index) => `"${index.toString(36)}k":0`).join(',')}}`),
  'many-primitives': () =>
    changedAvatar((json) => {
      const { POSITION } = firstPrimitive(json)['attributes'] as Entry;
      const primitive = { attributes: { POSITION } };
      json['meshes']!.push(...repeated(18, () => ({ primitives: repeated(8192, () => primitive) })));
    }),
  'base64-uri': () =>
    changedAvatar((json) => {
      const uri = `data:application/octet-stream;base64,${'A'.repeat(7_800_000)}`;
      json['buffers']!.push({ byteLength: 1, uri });
    }),
  /** Counted for each of 8,192 nodes that share one mesh without primitives. */
  'shared-names': () =>
    changedAvatar((json) => {
      const names = longNames(512).map((name) => name.replaceAll('Ä', 'A'));
      const mesh = json['meshes']!.push({ primitives: [], extras: { targetNames: names } }) - 1;
      json['nodes']!.push(...repeated(8000, () => ({ mesh })));
    }),
  /** Read again for every mesh. */
  expressions: () =>
    changedAvatar((json) => {
      const morphTargetBinds = repeated(500, () => ({ node: 0, index: 0, weight: 1 }));
      const vrm = json.extensions['VRMC_vrm']!;
      vrm['expressions'] = {
        custom: Object.fromEntries(repeated(300, (index) => [`e${index}`, { morphTargetBinds }])),
      };
      json['meshes']!.push(...repeated(8000, () => ({})));
    }),
  /** One joint, thousands of times in the skin of hundreds of nodes. */
  'repeated-joints': () =>
    changedAvatar((json) => {
      const { attributes } = emptyPrimitive(json, 3);
      const joints = repeated(8192, () => 0);
      const inverseBindMatrices = json['accessors']!.push({ count: 8192, type: 'MAT4', componentType: 5126 }) - 1;
      const skin = json['skins']!.push({ joints, inverseBindMatrices }) - 1;
      const mesh = json['meshes']!.push({ primitives: [{ attributes }] }) - 1;
      json['nodes']!.push(...repeated(400, () => ({ mesh, skin })));
    }),
  /** Springs without joints, each of which touches everything. */
  'empty-springs': () =>
    changedAvatar((json) => {
      const colliders = repeated(128, () => ({ node: 0, shape: { sphere: { radius: 1 } } }));
      const colliderGroups = repeated(64, () => ({ colliders: repeated(128, (index) => index) }));
      const springs = repeated(8192, () => ({ colliderGroups: repeated(64, (index) => index), joints: [] }));
      json.extensions['VRMC_springBone'] = { colliders, colliderGroups, springs };
    }),
  /** A large part with one blendshape beside a face with all of them: merged, both have all. */
  'merged-shapes': () =>
    changedAvatar((json, addView) => {
      const { attributes } = emptyPrimitive(json, VERTICES);
      const bufferView = addView(new Uint8Array(new Float32Array(VERTICES * 3).fill(0.001).buffer));
      const POSITION = json['accessors']!.push({ bufferView, count: VERTICES, type: 'VEC3', componentType: 5126 }) - 1;
      const primitives = [{ attributes, targets: [{ POSITION }] }];
      const mesh = json['meshes']!.push({ primitives, extras: { targetNames: ['tongueOut'] } }) - 1;
      json['nodes']!.push({ mesh });
      json['scenes'] = [];
    }),
  /** Hundreds of targets over many vertices, which take no bytes in the file. */
  'zero-targets': () =>
    changedAvatar((json) => {
      const { attributes, zeros } = emptyPrimitive(json, VERTICES);
      const mesh = json['meshes']!.push({
        primitives: [{ attributes, targets: repeated(512, () => ({ POSITION: zeros })) }],
      });
      const node = json['nodes']!.push({ mesh: mesh - 1 }) - 1;
      const bindsOf = (shape: number) =>
        repeated(10, (index) => ({ node, index: (shape * 10 + index) % 512, weight: 1 }));
      json.extensions['VRMC_vrm']!['expressions'] = {
        custom: Object.fromEntries(
          ARKIT_BLENDSHAPES.map((name, shape) => [name, { morphTargetBinds: bindsOf(shape) }]),
        ),
      };
    }),
};
