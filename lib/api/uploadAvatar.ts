import { readRefusal } from '@/lib/api/parleyApiError';
import type { StoredAvatarView } from '@/lib/core/meeting';

export interface UploadAvatarOptions {
  /** The wearer declares to be the avatar's author or to have the author's permission, which some licences require. */
  readonly hasPermission?: boolean;
  readonly signal?: AbortSignal;
}

/** Timeout of an upload: 10 MB at 1 Mbit/s. */
const UPLOAD_MAX_MS = 90_000;

function deadline(signal?: AbortSignal): AbortSignal {
  const limit = AbortSignal.timeout(UPLOAD_MAX_MS);
  return signal ? AbortSignal.any([signal, limit]) : limit;
}

/** Sends an avatar file to the site. @throws ParleyApiError, with an `avatarReason` if the file cannot be used */
export async function uploadAvatar(
  send: typeof fetch,
  site: string,
  bytes: Uint8Array<ArrayBuffer>,
  { hasPermission = false, signal }: UploadAvatarOptions,
): Promise<StoredAvatarView> {
  const answer = await send(`${site}/api/avatars${hasPermission ? '?permission=yes' : ''}`, {
    method: 'POST',
    headers: { 'content-type': 'model/gltf-binary' },
    body: bytes,
    signal: deadline(signal),
  }).catch((cause: unknown) => cause as Error);
  if (answer instanceof Error) throw readRefusal(null, answer);
  const body: unknown = await answer.json().catch(() => null);
  if (!answer.ok || !isStored(body)) throw readRefusal(body, answer);
  return body;
}

function isStored(body: unknown): body is StoredAvatarView {
  return typeof body === 'object' && body !== null && 'avatar' in body;
}
