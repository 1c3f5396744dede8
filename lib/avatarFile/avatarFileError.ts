import { ReasonedError } from '@/lib/core/reasonedError';

/**
 * `size`: the file is larger than may be read; `container`: no GLB, or cut off; `json`: its JSON says something that can't
 * be; `external`: it names files beside it; `bounds`: data lie outside the file, or indices outside their data;
 * `numbers`: something that isn't a number, or is beyond all measure; `count`: more parts than any avatar has; `image`: a
 * picture that is no PNG, JPEG or WebP; `unsupported`: it needs an extension that isn't read; `skeleton`: no body that
 * could be moved; `tooHeavy`: beyond what others' machines are asked to draw; `licence`: its licence lets only some people
 * use it, and nobody said to be one of them.
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

/** An avatar's file that can't be used, with a sentence that says what is wrong and what to do. */
export class AvatarFileError extends ReasonedError<AvatarFileReason> {
  constructor(
    reason: AvatarFileReason,
    message: string,
    /** The part of the file or the figure that is meant; empty where the reason says all. */
    readonly detail = '',
  ) {
    super(reason, message);
  }

  static size(limitBytes: number): AvatarFileError {
    const limit = `${limitBytes / 1_000_000} MB`;
    return new AvatarFileError('size', `The file is larger than ${limit}. Make its textures smaller.`, limit);
  }

  static container(detail: string): AvatarFileError {
    return new AvatarFileError('container', `This is no whole GLB or VRM file: ${detail}. Export it again.`, detail);
  }

  static json(where: string): AvatarFileError {
    return new AvatarFileError('json', `The file contradicts glTF 2.0 at ${where}. Export it again.`, where);
  }

  static external(where: string): AvatarFileError {
    const sentence = `The file keeps parts in other files (${where}). Export it as one file, GLB or VRM.`;
    return new AvatarFileError('external', sentence, where);
  }

  static bounds(where: string): AvatarFileError {
    return new AvatarFileError('bounds', `Data are missing from the file, at ${where}. Export it again.`, where);
  }

  static numbers(where: string): AvatarFileError {
    const sentence = `The file holds numbers that can't be used, at ${where}. Export it again.`;
    return new AvatarFileError('numbers', sentence, where);
  }

  static count(where: string): AvatarFileError {
    return new AvatarFileError('count', `The file has more ${where} than an avatar can have. Reduce them.`, where);
  }

  static image(where: string): AvatarFileError {
    return new AvatarFileError('image', `A texture is no PNG, JPEG or WebP (${where}). Export it again.`, where);
  }

  static unsupported(extension: string): AvatarFileError {
    const sentence = `The file needs ${extension}, which is not read here. Export it without compression.`;
    return new AvatarFileError('unsupported', sentence, extension);
  }

  static skeleton(missing: string): AvatarFileError {
    const sentence = `No body was found that could be moved: ${missing} is missing. Use a VRM, Mixamo or Ready Player Me avatar.`;
    return new AvatarFileError('skeleton', sentence, missing);
  }
}
