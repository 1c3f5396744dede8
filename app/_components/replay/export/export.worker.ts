import { AvatarFileError } from '@/lib/avatarFile/avatarFileError';
import { customAvatarUrl, nearestAvatarRef } from '@/lib/core/avatarRef';
import { avatarModelUrl, DEFAULT_AVATAR } from '@/lib/core/avatars';
import { exportEverybody, MOTION_FORMATS } from '@/lib/export/exportEverybody';
import { exportRecording } from '@/lib/export/exportRecording';
import { recolouredAvatar } from '@/lib/export/recolouredAvatar';
import type { ByteSource } from '@/lib/recording/byteSource';
import { CachedSource, fileSource, httpSource } from '@/lib/replay/byteSources';
import { seatedHearing } from '@/scene/room/plan/seatedHearing';
import { fileNamePart } from './exportKinds';
import { type ExportNews, type ExportOrder, failureOf, type RecordingPlace } from './exportOrder';
import { GrowingFile } from './growingFile';

const tell = (news: ExportNews) => self.postMessage(news);

function sourceAt(place: RecordingPlace): ByteSource {
  if ('file' in place) return fileSource(place.file);
  return new CachedSource(httpSource(place.segmentsUrl, place.sizeBytes, (url, init) => fetch(url, init)));
}

async function encodePng(width: number, height: number, texels: Uint8Array): Promise<Uint8Array> {
  const canvas = new OffscreenCanvas(width, height);
  canvas.getContext('2d')!.putImageData(new ImageData(new Uint8ClampedArray(texels), width, height), 0, 0);
  return new Uint8Array(await (await canvas.convertToBlob({ type: 'image/png' })).arrayBuffer());
}

/** The file of an avatar from the site. @throws AvatarFileError if there is none */
async function loadAvatar(avatar: string, siteUrl: string): Promise<Uint8Array> {
  const ref = nearestAvatarRef(avatar) ?? { kind: 'default', key: DEFAULT_AVATAR, colours: {} };
  const path = ref.kind === 'custom' ? customAvatarUrl(ref) : avatarModelUrl(ref.key);
  const response = await fetch(new URL(path, siteUrl)).catch(() => null);
  if (!response?.ok) throw AvatarFileError.container('it is not on this site any more');
  const file = new Uint8Array(await response.arrayBuffer());
  return ref.kind === 'custom' ? file : recolouredAvatar(file, ref, encodePng);
}

/** Tells whole percents, each once. */
function percentTeller(): (share: number) => void {
  let told = -1;
  return (share) => {
    const percent = Math.floor(share * 100);
    if (percent <= told) return;
    told = percent;
    tell({ kind: 'share', share });
  };
}

async function carryOut({ place, siteUrl, mimeType, person, ...wanted }: ExportOrder): Promise<Blob> {
  const file = new GrowingFile(mimeType);
  const sink = (bytes: Uint8Array, atByte: number) => file.write(bytes, atByte);
  const request = {
    ...wanted,
    source: sourceAt(place),
    onProgress: percentTeller(),
    loadAvatar: (avatar: string) => loadAvatar(avatar, siteUrl),
    room: seatedHearing,
  };
  if (person === null && MOTION_FORMATS.includes(wanted.format))
    await exportEverybody(request, ({ id, name }) => fileNamePart(name) || id, sink);
  else await exportRecording({ ...request, person }, sink);
  return file.finish();
}

/** Makes one file. The message is an `ExportOrder`, the answers are `ExportNews`. */
self.onmessage = ({ data }: MessageEvent<ExportOrder>) => {
  carryOut(data).then(
    (file) => tell({ kind: 'done', file }),
    (error: unknown) => tell({ kind: 'failed', reason: failureOf(error) }),
  );
};
