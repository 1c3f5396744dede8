import { silentLog } from '@/lib/core/log';
import { siteAvatars } from './files/siteFiles';

/** A step of the build of the project in `root`: compresses what every start would compress again. */
export function compressFiles(root: string): Promise<void> {
  return siteAvatars(root, silentLog).keep();
}
