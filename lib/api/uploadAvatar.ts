import { readRefusal } from '@/lib/api/parleyApiError';
import type { StoredAvatarView } from '@/lib/core/meeting';

/** A stay of the uploader, by its meeting and its token. */
interface UploadStay {
  readonly id: string;
  readonly stayToken: string;
}

/** How an avatar is uploaded from where its uploader is already known. */
export interface UploadChoice {
  /** The wearer declares to be the avatar's author or to have the author's permission, which some licences require. */
  readonly hasPermission?: boolean;
  readonly signal?: AbortSignal;
}

export interface UploadAvatarOptions extends UploadChoice {
  /** Avatars are taken from people in a meeting, with or without a seat. */
  readonly stay: UploadStay;
}

/** The server waits 30 s for the file, and then reads it. */
const UPLOAD_MAX_MS = 60_000;

function deadline(signal?: AbortSignal): AbortSignal {
  const limit = AbortSignal.timeout(UPLOAD_MAX_MS);
  return signal ? AbortSignal.any([signal, limit]) : limit;
}

/** Sends an avatar file to the site. @throws ParleyApiError, with an `avatarReason` if the file cannot be used */
export async function uploadAvatar(
  send: typeof fetch,
  site: string,
  bytes: Uint8Array<ArrayBuffer>,
  { stay, hasPermission = false, signal }: UploadAvatarOptions,
): Promise<StoredAvatarView> {
  const query = new URLSearchParams({ meeting: stay.id, ...(hasPermission && { permission: 'yes' }) });
  const answer = await send(`${site}/api/avatars?${query}`, {
    method: 'POST',
    headers: { 'content-type': 'model/gltf-binary', authorization: `Bearer ${stay.stayToken}` },
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
