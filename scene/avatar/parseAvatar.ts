import { type GLTF, GLTFLoader } from 'three/addons/loaders/GLTFLoader.js';
import { AvatarLoadError } from './avatarLoadError';
import type { AvatarModel } from './avatarModel';
import { type DecodeImage, decodeWithImageBitmap, EmbeddedTextures } from './embeddedTextures';
import { type FileLevels, readFileLevels } from './fileLevels';
import { modelFromVrm } from './modelFromVrm';
import { type VrmHumanoid, vrmHumanoidOf } from './vrmHumanoid';

function createLoader(decode: DecodeImage): GLTFLoader {
  const loader = new GLTFLoader();
  loader.register((parser) => new EmbeddedTextures(parser, decode));
  return loader;
}

/** How a model is read. */
export interface ParseAvatarOptions {
  /** Decodes the textures; `createImageBitmap` by default. */
  readonly decode?: DecodeImage;
}

/** Reads a VRM 0.x or 1.0 file. Throws {@link AvatarLoadError} `format` or `skeleton`. */
export async function parseAvatar(bytes: ArrayBuffer, options: ParseAvatarOptions = {}): Promise<AvatarModel> {
  const { gltf, humanoid, levels } = await parseGltf(bytes, options.decode ?? decodeWithImageBitmap);
  if (!humanoid) throw AvatarLoadError.skeleton('VRM humanoid');
  return modelFromVrm(gltf.scene, humanoid, levels);
}

interface ParsedVrm {
  readonly gltf: GLTF;
  readonly humanoid: VrmHumanoid | null;
  readonly levels: FileLevels;
}

async function parseGltf(bytes: ArrayBuffer, decode: DecodeImage): Promise<ParsedVrm> {
  try {
    const gltf = await createLoader(decode).parseAsync(bytes, '');
    return { gltf, humanoid: await vrmHumanoidOf(gltf), levels: await readFileLevels(gltf) };
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
