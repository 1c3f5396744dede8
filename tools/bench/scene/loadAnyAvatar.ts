import { decodeInspected } from '@/lib/avatarFile/decode/decodeAvatar';
import { inspectAvatar } from '@/lib/avatarFile/inspectAvatar';
import type { AvatarModel } from '@/scene/avatar/avatarModel';
import { modelFromData } from '@/scene/avatar/modelFromData';
import { drawPicture } from '@/scene/avatar/reading/drawPicture';

/** Reads an avatar as a meeting does, but for its limits: the heavy one is beyond what may be worn. */
export async function loadAnyAvatar(url: string): Promise<AvatarModel> {
  const data = decodeInspected(inspectAvatar(new Uint8Array(await (await fetch(url)).arrayBuffer())));
  return modelFromData({ data, bitmap: data.picture && (await drawPicture(data.picture)) });
}
