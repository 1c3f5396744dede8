import { createHash } from 'node:crypto';
import { setPriority } from 'node:os';
import { parentPort } from 'node:worker_threads';
import { AvatarFileError } from '@/lib/avatarFile/avatarFileError';
import { decodeInspected } from '@/lib/avatarFile/decode/decodeAvatar';
import { inspectAvatar, requireWearable } from '@/lib/avatarFile/inspectAvatar';
import type { InspectedFile } from './avatarInspector';
import { ownTaskId } from './threadWork';

/** Reads one uploaded file as every page will. Other errors than the file's end the worker. */
function inspect(bytes: Uint8Array<ArrayBuffer>): InspectedFile {
  try {
    const inspected = inspectAvatar(bytes);
    requireWearable(inspected.report);
    decodeInspected(inspected);
    const sha256 = createHash('sha256').update(bytes).digest('hex');
    return { kind: 'accepted', bytes, sha256, terms: inspected.report.terms };
  } catch (error) {
    if (!(error instanceof AvatarFileError)) throw error;
    return { kind: 'refused', reason: error.reason, message: error.message, detail: error.detail };
  }
}

/** Behind the thread that carries poses. Elsewhere than on Linux this would slow down the whole process. */
const PRIORITY = 5;
if (process.platform === 'linux') setPriority(PRIORITY);

parentPort!.on('message', (bytes: Uint8Array<ArrayBuffer>) => {
  const file = inspect(bytes);
  parentPort!.postMessage(file, file.kind === 'accepted' ? [bytes.buffer] : []);
});
parentPort!.postMessage({ taskId: ownTaskId() });
