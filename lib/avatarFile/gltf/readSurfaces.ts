import { AvatarFileError } from '../avatarFileError';
import type { AlphaMode, Image, Material, Texture } from './gltf';
import { imageSize } from './imageSize';
import { indexAt, indexOrNone, type JsonObject, listAt, numberOr, numbersAt, objectAt, readEach, textOr } from './json';
import { type BufferView, bytesOfUri } from './readBuffers';

const NEAREST = 9728;
const WHITE = [1, 1, 1, 1];
const ALPHA_CUTOFF = 0.5;
const ALPHA_MODES: readonly string[] = ['OPAQUE', 'MASK', 'BLEND'] satisfies AlphaMode[];

/** Reads all images: their bytes, kind and extent, but no pixel. @throws AvatarFileError */
export function readImages(json: JsonObject, views: readonly BufferView[]): Image[] {
  return readEach(json.images, 'images', (image, where) => {
    const bytes =
      image.bufferView === undefined
        ? bytesOfUri(image.uri, `${where}.uri`)
        : views[indexAt(image.bufferView, `${where}.bufferView`, views.length)]!.bytes;
    const size = imageSize(bytes);
    if (!size) throw AvatarFileError.image(where);
    return { name: textOr(image.name), bytes, ...size };
  });
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

/** Reads of all materials what a matte surface needs. @throws AvatarFileError */
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
