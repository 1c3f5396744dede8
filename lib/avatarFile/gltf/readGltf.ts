import { AvatarFileError } from '../avatarFileError';
import { READ_LIMITS } from '../limits';
import { readGlb } from './glb';
import type { Gltf, Mesh, Node } from './gltf';
import { type JsonObject, listAt, objectAt, textOr } from './json';
import { readAccessors } from './readAccessors';
import { readBufferViews } from './readBuffers';
import { readMeshes, readSkins } from './readMeshes';
import { orderOf, readNodes } from './readNodes';
import { readImages, readMaterials, readTextures } from './readSurfaces';

/** Extensions without which a file can't be shown. Others only add to what is read. */
const UNREADABLE = /^(KHR_draco_mesh_compression|EXT_meshopt_compression|KHR_texture_basisu|MSFT_texture_dds)$/;

function refuseUnreadable(json: JsonObject): void {
  const required = listAt(json.extensionsRequired, 'extensionsRequired').map((name) => textOr(name));
  const unreadable = required.find((name) => UNREADABLE.test(name));
  if (unreadable) throw AvatarFileError.unsupported(unreadable);
}

function refuseManyDraws(order: readonly number[], nodes: readonly Node[], meshes: readonly Mesh[]): void {
  let draws = 0;
  for (const node of order) draws += meshes[nodes[node]!.mesh]?.primitives.length ?? 0;
  if (draws > READ_LIMITS.draws) throw AvatarFileError.count('meshes');
}

/**
 * Reads a GLB or VRM: everything in it that an avatar needs, every index and extent checked, no vertex and no pixel
 * decoded. @throws AvatarFileError
 */
export function readGltf(bytes: Uint8Array): Gltf {
  const glb = readGlb(bytes);
  const json = objectAt(glb.json, 'the top');
  refuseUnreadable(json);
  const views = readBufferViews(json, glb.bin);
  const accessors = readAccessors(json, views);
  const images = readImages(json, views);
  const textures = readTextures(json, images.length);
  const materials = readMaterials(json, textures.length);
  const parts = { accessors, materials: materials.length, nodes: listAt(json.nodes, 'nodes').length };
  const meshes = readMeshes(json, parts);
  const skins = readSkins(json, parts);
  const nodes = readNodes(json, meshes.length, skins.length);
  const order = orderOf(nodes);
  refuseManyDraws(order, nodes, meshes);
  const extensions = objectAt(json.extensions, 'extensions');
  const asset = objectAt(json.asset, 'asset');
  return { nodes, order, meshes, skins, materials, textures, images, accessors, extensions, asset };
}
