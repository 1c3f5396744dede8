import type { AvatarFileReason } from '@/lib/avatarFile/avatarFileError';
import { ReasonedError } from '@/lib/core/reasonedError';

/** `network`: the file didn't come; `format`: it can't be read; `skeleton`: it has no body that could be moved. */
export type AvatarLoadReason = 'network' | 'format' | 'skeleton';

/** An avatar's model could not be had; a stand-in is drawn instead. */
export class AvatarLoadError extends ReasonedError<AvatarLoadReason> {
  static network(url: string, cause?: unknown): AvatarLoadError {
    return new AvatarLoadError('network', `The avatar at ${url} could not be downloaded. Try again later.`, { cause });
  }

  /** What reading its file said. */
  static file({ reason, message }: { readonly reason: AvatarFileReason; readonly message: string }): AvatarLoadError {
    return new AvatarLoadError(reason === 'skeleton' ? 'skeleton' : 'format', message);
  }
}
