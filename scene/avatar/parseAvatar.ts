import { type VRM, VRMLoaderPlugin } from '@pixiv/three-vrm';
import { GLTFLoader } from 'three/addons/loaders/GLTFLoader.js';
import { AvatarLoadError } from './avatarLoadError';
import type { AvatarModel } from './avatarModel';
import { type DecodeImage, decodeWithImageBitmap, EmbeddedTextures } from './embeddedTextures';
import { readFileLevels } from './fileLevels';
import { modelFromVrm } from './modelFromVrm';

function createLoader(decode: DecodeImage): GLTFLoader {
  const loader = new GLTFLoader();
  loader.register((parser) => new EmbeddedTextures(parser, decode));
  loader.register((parser) => new VRMLoaderPlugin(parser));
  return loader;
}

/** How a model is read. */
export interface ParseAvatarOptions {
  /** Decodes the textures; `createImageBitmap` by default. */
  readonly decode?: DecodeImage;
}

/** Reads a VRM 0.x or 1.0 file. Throws {@link AvatarLoadError} `format` or `skeleton`. */
export async function parseAvatar(bytes: ArrayBuffer, options: ParseAvatarOptions = {}): Promise<AvatarModel> {
  const { vrm, levels } = await parseVrm(bytes, options.decode ?? decodeWithImageBitmap);
  if (!vrm) throw AvatarLoadError.skeleton('VRM humanoid');
  return modelFromVrm(vrm, levels);
}

async function parseVrm(bytes: ArrayBuffer, decode: DecodeImage) {
  try {
    const gltf = await createLoader(decode).parseAsync(bytes, '');
    return { vrm: gltf.userData.vrm as VRM | undefined, levels: await readFileLevels(gltf) };
  } catch (error) {
    throw AvatarLoadError.format(error);
  }
}

/** Downloads and reads the avatar at `url`. Throws {@link AvatarLoadError}. */
export async function loadAvatar(url: string, options: ParseAvatarOptions = {}): Promise<AvatarModel> {
  return parseAvatar(await download(url), options);
}

async function download(url: string): Promise<ArrayBuffer> {
  try {
    const response = await fetch(url);
    if (response.ok) return await response.arrayBuffer();
  } catch (error) {
    throw AvatarLoadError.network(url, error);
  }
  throw AvatarLoadError.network(url);
}
