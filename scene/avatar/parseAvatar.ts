import { type VRMHumanoid, VRMHumanoidLoaderPlugin, type VRMMeta, VRMMetaLoaderPlugin } from '@pixiv/three-vrm-core';
import { GLTFLoader } from 'three/addons/loaders/GLTFLoader.js';
import { AvatarLoadError } from './avatarLoadError';
import type { AvatarModel } from './avatarModel';
import { type DecodeImage, decodeWithImageBitmap, EmbeddedTextures } from './embeddedTextures';
import { modelFromVrm, type VrmFile } from './modelFromVrm';

function createLoader(decode: DecodeImage): GLTFLoader {
  const loader = new GLTFLoader();
  loader.register((parser) => new EmbeddedTextures(parser, decode));
  // Of three-vrm what tells bones and version: looks, springs and gaze are our own, and their code is large.
  loader.register((parser) => new VRMMetaLoaderPlugin(parser, { acceptV0Meta: true }));
  loader.register((parser) => new VRMHumanoidLoaderPlugin(parser));
  return loader;
}

/** How a model is read. */
export interface ParseAvatarOptions {
  /** Decodes the textures; `createImageBitmap` by default. */
  readonly decode?: DecodeImage;
}

/** Reads a VRM 0.x or 1.0 file. Throws {@link AvatarLoadError} `format` or `skeleton`. */
export async function parseAvatar(bytes: ArrayBuffer, options: ParseAvatarOptions = {}): Promise<AvatarModel> {
  const vrm = await parseVrm(bytes, options.decode ?? decodeWithImageBitmap);
  if (!vrm) throw AvatarLoadError.skeleton('VRM humanoid');
  return modelFromVrm(vrm);
}

async function parseVrm(bytes: ArrayBuffer, decode: DecodeImage): Promise<VrmFile | undefined> {
  try {
    const gltf = await createLoader(decode).parseAsync(bytes, '');
    const { vrmHumanoid, vrmMeta } = gltf.userData as { vrmHumanoid?: VRMHumanoid; vrmMeta?: VRMMeta };
    return vrmHumanoid && vrmMeta && { scene: gltf.scene, humanoid: vrmHumanoid, meta: vrmMeta };
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
