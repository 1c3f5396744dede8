import { AvatarFileError } from '../avatarFileError';
import { floatsOf } from '../gltf/accessorValues';
import { type Accessor, COMPONENTS } from '../gltf/gltf';
import { AVATAR_LIMITS, READ_LIMITS } from '../limits';

const TOO_LARGE = `more than ${AVATAR_LIMITS.decodedBytes / 1_000_000} MB of vertices and blendshapes`;

/**
 * The work and memory that decoding one file may take. A small file can ask for a great deal of both: accessors without
 * bytes, or read by many primitives.
 */
export class DecodeBudget {
  private values = 0;
  private madeBytes = 0;

  /** Counts the values of an accessor before they are decoded. @throws AvatarFileError `tooHeavy` */
  read(accessor: Accessor): Accessor {
    this.values += accessor.count * COMPONENTS[accessor.type];
    if (this.values > READ_LIMITS.decodedValues) throw AvatarFileError.tooHeavy('too many values');
    return accessor;
  }

  /** The values of an accessor. @throws AvatarFileError as `floatsOf`, and `tooHeavy` */
  floats(accessor: Accessor, where: string): Float32Array {
    return floatsOf(this.read(accessor), where);
  }

  /** Counts what a part takes, before it is made. @throws AvatarFileError `tooHeavy` */
  make(bytes: number): void {
    this.madeBytes += bytes;
    if (this.madeBytes > AVATAR_LIMITS.decodedBytes) throw AvatarFileError.tooHeavy(TOO_LARGE);
  }
}
