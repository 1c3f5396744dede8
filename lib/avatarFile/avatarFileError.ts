import { ReasonedError } from '@/lib/core/reasonedError';

/**
 * `size`: the file is larger than may be read; `container`: not a GLB, or cut off; `json`: its JSON contradicts glTF;
 * `external`: it refers to other files; `bounds`: data lie outside the file, or indices outside their data; `numbers`: not
 * a number, or too large; `count`: more parts than an avatar has; `image`: not a PNG, JPEG or WebP; `unsupported`: it needs
 * an extension that isn't read; `skeleton`: no body that can be moved; `tooHeavy`: too much for other people's machines;
 * `licence`: its licence lets only some people use it, and the uploader has not claimed to be one of them.
 */
export type AvatarFileReason =
  | 'size'
  | 'container'
  | 'json'
  | 'external'
  | 'bounds'
  | 'numbers'
  | 'count'
  | 'image'
  | 'unsupported'
  | 'skeleton'
  | 'tooHeavy'
  | 'licence';

/** An avatar file that can't be used, with a sentence that says what is wrong and what to do. */
export class AvatarFileError extends ReasonedError<AvatarFileReason> {
  constructor(
    reason: AvatarFileReason,
    message: string,
    /** The part of the file or the figure that is wrong; empty if the reason says it all. */
    readonly detail = '',
  ) {
    super(reason, message);
  }

  static size(limitBytes: number): AvatarFileError {
    const limit = `${limitBytes / 1_000_000} MB`;
    return new AvatarFileError('size', `The file is larger than ${limit}. Make its textures smaller.`, limit);
  }

  static container(detail: string): AvatarFileError {
    return new AvatarFileError(
      'container',
      `This is not a complete GLB or VRM file: ${detail}. Export it again.`,
      detail,
    );
  }

  static json(where: string): AvatarFileError {
    return new AvatarFileError('json', `The file contradicts glTF 2.0 at ${where}. Export it again.`, where);
  }

  static external(where: string): AvatarFileError {
    const sentence = `The file keeps parts in other files (${where}). Export it as one file, GLB or VRM.`;
    return new AvatarFileError('external', sentence, where);
  }

  static bounds(where: string): AvatarFileError {
    return new AvatarFileError('bounds', `Data is missing from the file, at ${where}. Export it again.`, where);
  }

  static numbers(where: string): AvatarFileError {
    const sentence = `The file contains numbers that can't be used, at ${where}. Export it again.`;
    return new AvatarFileError('numbers', sentence, where);
  }

  static count(where: string): AvatarFileError {
    return new AvatarFileError('count', `The file has more ${where} than an avatar can have. Reduce them.`, where);
  }

  static image(where: string): AvatarFileError {
    return new AvatarFileError('image', `A texture is not a PNG, JPEG or WebP (${where}). Export it again.`, where);
  }

  static unsupported(extension: string): AvatarFileError {
    const sentence = `The file needs ${extension}, which is not read here. Export it without compression.`;
    return new AvatarFileError('unsupported', sentence, extension);
  }

  /** `detail`: what it has too much of. */
  static tooHeavy(detail: string): AvatarFileError {
    const sentence = `The avatar is too heavy for a meeting: it has ${detail}. Reduce it.`;
    return new AvatarFileError('tooHeavy', sentence, detail);
  }

  static skeleton(missing: string): AvatarFileError {
    const sentence = `The file has no body that can be moved: ${missing} is missing. Use a VRM, Mixamo or Ready Player Me avatar.`;
    return new AvatarFileError('skeleton', sentence, missing);
  }
}
