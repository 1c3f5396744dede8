import { AvatarFileError, type AvatarFileReason } from '@/lib/avatarFile/avatarFileError';
import { decodeInspected } from '@/lib/avatarFile/decode/decodeAvatar';
import { type InspectedAvatar, inspectAvatar } from '@/lib/avatarFile/inspectAvatar';
import type { AvatarReport } from '@/lib/avatarFile/report/report';

/** What became of a file: a report, on which one may stand that is too heavy to be worn; or why it can't be read. */
export type AvatarCheck =
  | { readonly kind: 'report'; readonly report: AvatarReport }
  | { readonly kind: 'broken'; readonly reason: AvatarFileReason; readonly detail: string };

/** Pictures of which only the header is right are found out by drawing them. */
async function decodePictures({ gltf }: InspectedAvatar): Promise<void> {
  for (const { bytes, mimeType } of gltf.images) {
    const bitmap = await createImageBitmap(new Blob([bytes as Uint8Array<ArrayBuffer>], { type: mimeType })).catch(
      () => {
        throw AvatarFileError.image(mimeType);
      },
    );
    bitmap.close();
  }
}

/** Reads a file as everybody in the meeting will. Never rejects. */
export async function checkAvatarFile(bytes: Uint8Array): Promise<AvatarCheck> {
  try {
    const inspected = inspectAvatar(bytes);
    const { report } = inspected;
    if (report.rank === 'tooHeavy') return { kind: 'report', report };
    decodeInspected(inspected);
    await decodePictures(inspected);
    return { kind: 'report', report };
  } catch (error) {
    const { reason, detail } = error instanceof AvatarFileError ? error : AvatarFileError.container('');
    return { kind: 'broken', reason, detail };
  }
}
