import { createHash } from 'node:crypto';
import { AvatarFileError } from '@/lib/avatarFile/avatarFileError';
import { inspectAvatar, requireWearable } from '@/lib/avatarFile/inspectAvatar';
import { AVATAR_LIMITS } from '@/lib/avatarFile/limits';
import type { AvatarReport } from '@/lib/avatarFile/report/report';
import { formatAvatarRef, parseAvatarRef } from '@/lib/core/avatarRef';
import type { StoredAvatarView } from '@/lib/core/meeting';
import type { AvatarStore, StoredAvatar } from '@/server/store/avatarStore';
import { MeetingError } from './meetings/meetingError';
import type { RateLimits } from './rateLimits';

/** A custom avatar to keep. */
export interface AvatarUpload {
  readonly bytes: Uint8Array;
  /** Whether the uploader claims to be the author or to have the author's permission. */
  readonly isPermitted: boolean;
}

/** Custom avatars: which files are accepted, and where they are kept. */
export class AvatarService {
  constructor(
    private readonly store: AvatarStore,
    private readonly limits: RateLimits,
  ) {}

  /** Counts an upload from this address before its bytes are read. @throws MeetingError `tooManyRequests` */
  admit(ip: string): void {
    this.limits.admit('upload', ip);
  }

  /**
   * Checks an avatar and keeps it under the SHA-256 of its bytes.
   * @throws MeetingError `badInput` for a file that can't be used, `forbidden` if its licence asks for permission, both
   *   with `avatarReason`; `unavailable` if there is no room left
   */
  async keep({ bytes, isPermitted }: AvatarUpload): Promise<StoredAvatarView> {
    const { terms } = inspect(bytes);
    if (terms === 'permission' && !isPermitted) throw MeetingError.avatarPermission();
    const sha256 = createHash('sha256').update(bytes).digest('hex');
    const outcome = await this.store.put(sha256, bytes);
    if (outcome === 'full') throw MeetingError.avatarsFull();
    return {
      avatar: formatAvatarRef({ kind: 'custom', sha256 }),
      sizeBytes: bytes.length,
      isNew: outcome === 'stored',
    };
  }

  find(sha256: string): Promise<StoredAvatar | null> {
    return this.store.find(sha256);
  }

  /** Refuses a custom avatar that is not stored here, since others couldn't load it. @throws MeetingError `badInput` */
  async requireKnown(avatar: string): Promise<void> {
    const ref = parseAvatarRef(avatar);
    if (ref?.kind === 'custom' && !(await this.store.has(ref.sha256))) {
      throw MeetingError.badInput(
        'avatar: this custom avatar is not stored here. Choose its file again, or another avatar.',
      );
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
