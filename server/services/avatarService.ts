import type { AvatarFileReason } from '@/lib/avatarFile/avatarFileError';
import { AvatarFileError } from '@/lib/avatarFile/avatarFileError';
import { AVATAR_LIMITS } from '@/lib/avatarFile/limits';
import { formatAvatarRef, parseAvatarRef } from '@/lib/core/avatarRef';
import type { StoredAvatarView } from '@/lib/core/meeting';
import type { AvatarStore, PutOutcome, StoredAvatar } from '@/server/store/avatarStore';
import type { AvatarInspector } from './inspection/avatarInspector';
import { MeetingError } from './meetings/meetingError';
import type { RateLimits } from './rateLimits';

/** A custom avatar to keep. */
export interface AvatarUpload {
  /** The service takes them over. */
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** Whether the uploader claims to be the author or to have the author's permission. */
  readonly isPermitted: boolean;
  /** The uploader's address, on whose account the bytes go. */
  readonly ip: string;
}

export interface AvatarServiceParts {
  readonly store: AvatarStore;
  readonly limits: RateLimits;
  readonly inspector: Pick<AvatarInspector, 'inspect'>;
  /** References of the custom avatars that people wear now. */
  readonly findWorn: () => Promise<readonly string[]>;
}

/** Custom avatars: which files are accepted, and where they are kept. */
export class AvatarService {
  constructor(private readonly parts: AvatarServiceParts) {}

  /** Counts an upload from this address before its bytes are read. @throws MeetingError `tooManyRequests` */
  admit(ip: string): void {
    const { limits } = this.parts;
    limits.admitReading(ip);
    limits.admit('upload', ip);
  }

  /**
   * Reads an avatar as every page will, and keeps it under the SHA-256 of its bytes.
   * @throws MeetingError `badInput` for a file that can't be used, `forbidden` if its licence asks for permission, both
   *   with `avatarReason`; `forbidden` if the operator has removed it; `tooManyRequests` if the address has brought too
   *   many bytes; `unavailable` if too many are being read, or there is no room left
   */
  async keep({ bytes, isPermitted, ip }: AvatarUpload): Promise<StoredAvatarView> {
    const { store, limits, inspector } = this.parts;
    if (bytes.length > AVATAR_LIMITS.sizeBytes)
      throw MeetingError.avatarFile(AvatarFileError.size(AVATAR_LIMITS.sizeBytes));
    const file = await inspector.inspect(bytes, (workMs) => limits.noteReading(ip, workMs));
    if (file.kind === 'refused') throw refusalOf(file);
    if (file.terms === 'permission' && !isPermitted) throw MeetingError.avatarPermission();
    const { sha256 } = file;
    if (!(await store.has(sha256))) limits.admit('uploadBytes', ip, file.bytes.length);
    const outcome = await store.put(sha256, file.bytes, () => this.wornNames());
    requireKept(outcome);
    return {
      avatar: formatAvatarRef({ kind: 'custom', sha256 }),
      sizeBytes: file.bytes.length,
      isNew: outcome === 'stored',
    };
  }

  find(sha256: string): Promise<StoredAvatar | null> {
    return this.parts.store.find(sha256);
  }

  /**
   * Notes that somebody puts an avatar on. Refuses a custom avatar that is not stored here, since others couldn't load it.
   * @throws MeetingError `badInput`
   */
  async wear(avatar: string): Promise<void> {
    const ref = parseAvatarRef(avatar);
    if (ref?.kind === 'custom' && !(await this.parts.store.wear(ref.sha256))) {
      throw MeetingError.badInput(
        'avatar: this custom avatar is not stored here. Choose its file again, or another avatar.',
      );
    }
  }

  /** Takes an avatar away for good, for the site's operators: nobody can upload it again. @throws MeetingError `notFound` */
  async remove(sha256: string): Promise<void> {
    const { store } = this.parts;
    if (!(await store.has(sha256)) || !(await store.remove(sha256))) throw MeetingError.noSuchAvatar();
  }

  private async wornNames(): Promise<ReadonlySet<string>> {
    const refs = (await this.parts.findWorn()).map(parseAvatarRef);
    return new Set(refs.flatMap((ref) => (ref?.kind === 'custom' ? [ref.sha256] : [])));
  }
}

interface RefusedFile {
  readonly reason: AvatarFileReason;
  readonly message: string;
  readonly detail: string;
}

/** The worker's refusal, which lost its class on the way between threads. */
function refusalOf({ reason, message, detail }: RefusedFile): MeetingError {
  return MeetingError.avatarFile(new AvatarFileError(reason, message, detail));
}

function requireKept(outcome: PutOutcome): void {
  if (outcome === 'full') throw MeetingError.avatarsFull();
  if (outcome === 'removed') throw MeetingError.avatarRemoved();
}
