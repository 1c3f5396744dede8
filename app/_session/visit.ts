import type { ParleyClient, UploadChoice } from '@/lib/api';
import type { StoredAvatarView } from '@/lib/core/meeting';
import { parleyClient } from './parleyClient';

/** Uploads a custom avatar from where the page stands. Rejects with a ParleyApiError. */
export type UploadAvatar = (bytes: Uint8Array<ArrayBuffer>, choice: UploadChoice) => Promise<StoredAvatarView>;

/**
 * Uploads from the lobby, where the page has no stay yet: it watches the meeting for as long as the upload takes, because
 * avatars are taken only from people in a meeting.
 */
export function uploadAsVisitor(client: ParleyClient, meetingId: string): UploadAvatar {
  return async (bytes, choice) => {
    const { stayToken } = await client.meeting.join({ id: meetingId, role: 'spectator' });
    const stay = { id: meetingId, stayToken };
    try {
      return await client.avatar.upload(bytes, { ...choice, stay });
    } finally {
      // A stay that can't be left now runs out by itself.
      client.meeting.leave(stay).catch(() => {});
    }
  };
}

/** Where a picker uploads to: a function, or in a lobby just the meeting's id, which keeps the client out of its scripts. */
export type UploadTarget = UploadAvatar | string;

/** The function that uploads to `target`. */
export function uploadTo(target: UploadTarget): UploadAvatar {
  return typeof target === 'string' ? uploadAsVisitor(parleyClient(), target) : target;
}
