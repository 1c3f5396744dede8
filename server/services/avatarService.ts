import { createHash } from 'node:crypto';
import { AvatarFileError } from '@/lib/avatarFile/avatarFileError';
import { inspectAvatar, requireWearable } from '@/lib/avatarFile/inspectAvatar';
import { AVATAR_LIMITS } from '@/lib/avatarFile/limits';
import type { AvatarReport } from '@/lib/avatarFile/report/report';
import { formatAvatarRef, parseAvatarRef } from '@/lib/core/avatarRef';
import type { StoredAvatarView } from '@/lib/core/meeting';
import { MeetingError } from '@/server/services/meetingError';
import type { RateLimits } from '@/server/services/rateLimits';
import type { AvatarStore, StoredAvatar } from '@/server/store/avatarStore';

/** An avatar somebody brings along. */
export interface AvatarUpload {
  readonly bytes: Uint8Array;
  /** Whether they say to be its author or to have the author's permission. */
  readonly isPermitted: boolean;
}

/** Where avatars are kept that people brought along, and what may be brought. */
export class AvatarService {
  constructor(
    private readonly store: AvatarStore,
    private readonly limits: RateLimits,
  ) {}

  /** Counts an upload of this address, before its bytes are taken in. @throws MeetingError `tooManyRequests` */
  admit(ip: string): void {
    this.limits.admit('upload', ip);
  }

  /**
   * Checks an avatar and keeps it under the SHA-256 of its bytes.
   * @throws MeetingError `badInput` for a file that can't be worn, `forbidden` where its licence asks for permission,
   * both with `avatarReason`; `unavailable` where there is no room left
   */
  async keep({ bytes, isPermitted }: AvatarUpload): Promise<StoredAvatarView> {
    const { terms } = inspect(bytes);
    if (terms === 'permission' && !isPermitted) throw MeetingError.avatarPermission();
    const sha256 = createHash('sha256').update(bytes).digest('hex');
    const outcome = await this.store.put(sha256, bytes);
    if (outcome === 'full') throw MeetingError.avatarsFull();
    return { avatar: formatAvatarRef({ kind: 'own', sha256 }), sizeBytes: bytes.length, isNew: outcome === 'stored' };
  }

  find(sha256: string): Promise<StoredAvatar | null> {
    return this.store.find(sha256);
  }

  /** Lets nobody sit down in an avatar that others couldn't load. @throws MeetingError `badInput` */
  async requireKnown(avatar: string): Promise<void> {
    const ref = parseAvatarRef(avatar);
    if (ref?.kind === 'own' && !(await this.store.has(ref.sha256))) {
      throw MeetingError.badInput('avatar: this own avatar is not here. Choose its file again, or another avatar.');
    }
  }
}

function inspect(bytes: Uint8Array): AvatarReport {
  try {
    if (bytes.length > AVATAR_LIMITS.sizeBytes) throw AvatarFileError.size(AVATAR_LIMITS.sizeBytes);
    const { report } = inspectAvatar(bytes);
    requireWearable(report);
    return report;
  } catch (error) {
    throw error instanceof AvatarFileError ? MeetingError.avatarFile(error) : error;
  }
}
