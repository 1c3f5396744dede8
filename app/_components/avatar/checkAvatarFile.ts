import { AvatarFileError, type AvatarFileReason } from '@/lib/avatarFile/avatarFileError';
import { decodeInspected } from '@/lib/avatarFile/decode/decodeAvatar';
import { type InspectedAvatar, inspectAvatar } from '@/lib/avatarFile/inspectAvatar';
import type { AvatarReport } from '@/lib/avatarFile/report/report';

/** The result for a file: a report, possibly of an avatar too heavy to wear; or why it can't be read. */
export type AvatarCheck =
  | { readonly kind: 'report'; readonly report: AvatarReport }
  | { readonly kind: 'broken'; readonly reason: AvatarFileReason; readonly detail: string };

/** Decoding finds pictures whose headers alone are valid. */
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

/** Reads a file the way everyone in the meeting will. Never rejects. */
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
