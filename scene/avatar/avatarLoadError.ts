import { ReasonedError } from '@/lib/core/reasonedError';

/** `network`: the file didn't come; `format`: it is no glTF; `skeleton`: no VRM humanoid, or nothing skinned to it. */
export type AvatarLoadReason = 'network' | 'format' | 'skeleton';

/** An avatar's model could not be had; a stand-in is drawn instead. */
export class AvatarLoadError extends ReasonedError<AvatarLoadReason> {
  static network(url: string, cause?: unknown): AvatarLoadError {
    return new AvatarLoadError('network', `The avatar at ${url} could not be downloaded. Try again later.`, { cause });
  }

  static format(cause: unknown): AvatarLoadError {
    return new AvatarLoadError('format', 'The avatar is not a readable VRM file. Choose another one.', { cause });
  }

  static skeleton(missing: string): AvatarLoadError {
    return new AvatarLoadError('skeleton', `The avatar has no ${missing}. Choose another one.`);
  }
}
