import { AvatarFileError } from '../avatarFileError';
import { READ_LIMITS } from '../limits';
import { type BufferView, bytesOfUri } from './glb';
import type { AlphaMode, Image, Material, Texture } from './gltf';
import { indexAt, indexOrNone, type JsonObject, listAt, numberOr, numbersAt, objectAt, readEach, textOr } from './json';

/** The facts in an image's header. */
type ImageSize = Pick<Image, 'mimeType' | 'widthPx' | 'heightPx'>;

/** Reads the type and size of a PNG, JPEG or WebP from its header; null if it is none of them, or cut off. */
function imageSize(bytes: Uint8Array): ImageSize | null {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const size = pngSize(view) ?? jpegSize(view) ?? webpSize(view);
  return size && size.widthPx > 0 && size.heightPx > 0 ? size : null;
}

const PNG_HIGH = 0x89504e47;
const PNG_LOW = 0x0d0a1a0a;
const IHDR = 0x49484452;

function pngSize(view: DataView): ImageSize | null {
  const isPng = view.byteLength >= 24 && view.getUint32(0) === PNG_HIGH && view.getUint32(4) === PNG_LOW;
  if (!isPng || view.getUint32(12) !== IHDR) return null;
  return { mimeType: 'image/png', widthPx: view.getUint32(16), heightPx: view.getUint32(20) };
}

/** Whether a marker starts a frame, of any coding process; three markers in between mean something else (ITU T.81, table B.1). */
function isFrameStart(marker: number): boolean {
  return marker >= 0xc0 && marker <= 0xcf && marker !== 0xc4 && marker !== 0xc8 && marker !== 0xcc;
}

/** Every marker that is looked at has four bytes. */
const LOOKS_MAX = READ_LIMITS.imageHeaderBytes / 4;

function jpegSize(view: DataView): ImageSize | null {
  if (view.byteLength < 4 || view.getUint16(0) !== 0xffd8) return null;
  let at = 2;
  // Segments are skipped, however long they are; only what is looked at counts.
  for (let looks = 0; at + 9 <= view.byteLength && looks < LOOKS_MAX; looks += 1) {
    if (view.getUint8(at) !== 0xff) return null;
    const marker = view.getUint8(at + 1);
    if (isFrameStart(marker)) {
      return { mimeType: 'image/jpeg', heightPx: view.getUint16(at + 5), widthPx: view.getUint16(at + 7) };
    }
    // A marker may be preceded by any number of fill bytes.
    at += marker === 0xff ? 1 : 2 + Math.max(2, view.getUint16(at + 2));
  }
  return null;
}

const RIFF = 0x52494646;
const WEBP = 0x57454250;
const VP8_LOSSY = 0x56503820;
const VP8_LOSSLESS = 0x5650384c;
const VP8_EXTENDED = 0x56503858;

function webpSize(view: DataView): ImageSize | null {
  if (view.byteLength < 30 || view.getUint32(0) !== RIFF || view.getUint32(8) !== WEBP) return null;
  const mimeType = 'image/webp';
  switch (view.getUint32(12)) {
    case VP8_LOSSY:
      return { mimeType, widthPx: view.getUint16(26, true) & 0x3fff, heightPx: view.getUint16(28, true) & 0x3fff };
    case VP8_LOSSLESS: {
      const bits = view.getUint32(21, true);
      return { mimeType, widthPx: (bits & 0x3fff) + 1, heightPx: ((bits >>> 14) & 0x3fff) + 1 };
    }
    case VP8_EXTENDED:
      return { mimeType, widthPx: uint24(view, 24) + 1, heightPx: uint24(view, 27) + 1 };
    default:
      return null;
  }
}

function uint24(view: DataView, at: number): number {
  return view.getUint16(at, true) | (view.getUint8(at + 2) << 16);
}

const NEAREST = 9728;
const WHITE = [1, 1, 1, 1];
const ALPHA_CUTOFF = 0.5;
const ALPHA_MODES: readonly string[] = ['OPAQUE', 'MASK', 'BLEND'] satisfies AlphaMode[];

/** Reads the bytes, type and size of all images, but no pixel. @throws AvatarFileError */
export function readImages(json: JsonObject, views: readonly BufferView[]): Image[] {
  // Images that share bytes are looked at once.
  const sizes = new Map<BufferView, ImageSize | null>();
  const read = (image: JsonObject, where: string): Image => {
    const view =
      image.bufferView === undefined
        ? { bytes: bytesOfUri(image.uri, `${where}.uri`), strideBytes: 0 }
        : views[indexAt(image.bufferView, `${where}.bufferView`, views.length)]!;
    const size = sizes.has(view) ? sizes.get(view)! : imageSize(view.bytes);
    sizes.set(view, size);
    if (!size) throw AvatarFileError.image(where);
    return { name: textOr(image.name), bytes: view.bytes, ...size };
  };
  return readEach(json.images, 'images', read, READ_LIMITS.images);
}

/** Reads all textures. @throws AvatarFileError */
export function readTextures(json: JsonObject, images: number): Texture[] {
  const samplers = listAt(json.samplers, 'samplers').map((sampler) => objectAt(sampler, 'samplers'));
  return readEach(json.textures, 'textures', (texture, where) => {
    const webp = objectAt(objectAt(texture.extensions, where).EXT_texture_webp, where).source;
    const sampler = samplers[indexOrNone(texture.sampler, `${where}.sampler`, samplers.length)];
    return {
      image: indexOrNone(webp ?? texture.source, `${where}.source`, images),
      isNearest: sampler?.magFilter === NEAREST,
    };
  });
}

function uvTransformOf(texture: JsonObject, where: string): readonly number[] {
  const transform = objectAt(objectAt(texture.extensions, where).KHR_texture_transform, where);
  return [
    ...numbersAt(transform.offset, `${where}.offset`, [0, 0]),
    ...numbersAt(transform.scale, `${where}.scale`, [1, 1]),
  ];
}

/** Reads the parts of all materials that a matte surface needs. @throws AvatarFileError */
export function readMaterials(json: JsonObject, textures: number): Material[] {
  return readEach(json.materials, 'materials', (material, where) => {
    const surface = objectAt(material.pbrMetallicRoughness, `${where}.pbrMetallicRoughness`);
    const texture = objectAt(surface.baseColorTexture, `${where}.baseColorTexture`);
    const mode = textOr(material.alphaMode);
    return {
      name: textOr(material.name),
      color: numbersAt(surface.baseColorFactor, `${where}.baseColorFactor`, WHITE),
      texture: indexOrNone(texture.index, `${where}.baseColorTexture.index`, textures),
      alphaMode: (ALPHA_MODES.includes(mode) ? mode : 'OPAQUE') as AlphaMode,
      alphaCutoff: numberOr(material.alphaCutoff, ALPHA_CUTOFF),
      isDoubleSided: material.doubleSided === true,
      uvTransform: uvTransformOf(texture, `${where}.baseColorTexture`),
    };
  });
}
