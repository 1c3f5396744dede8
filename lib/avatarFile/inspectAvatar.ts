import { AvatarFileError } from './avatarFileError';
import type { Gltf } from './gltf/gltf';
import { readGltf } from './gltf/readGltf';
import { type Humanoid, readHumanoid } from './humanoid';
import type { RankedFigure } from './report/ranks';
import { type AvatarReport, reportAvatar } from './report/report';

/** An avatar file as read: structure, body and report. No vertex or pixel is decoded yet. */
export interface InspectedAvatar {
  readonly gltf: Gltf;
  readonly humanoid: Humanoid;
  readonly report: AvatarReport;
}

/**
 * Reads an avatar file (VRM 0.x, VRM 1.0, or a GLB with the skeleton of Mixamo or Ready Player Me) and reports on it.
 * Takes any bytes. @throws AvatarFileError and nothing else
 *
 * @example
 * const { report } = inspectAvatar(new Uint8Array(await file.arrayBuffer()));
 * console.log(report.rank, report.figures.triangles);
 */
export function inspectAvatar(bytes: Uint8Array): InspectedAvatar {
  const gltf = readGltf(bytes);
  const humanoid = readHumanoid(gltf);
  return { gltf, humanoid, report: reportAvatar(gltf, humanoid, bytes.length) };
}

/** What is too much, in words. */
const TOO_MUCH: Readonly<Record<RankedFigure, (most: number) => string>> = {
  triangles: (most) => `more than ${most} triangles`,
  materials: (most) => `more than ${most} materials`,
  joints: (most) => `more than ${most} joints`,
  springJoints: (most) => `more than ${most} swinging joints`,
  images: (most) => `more than ${most} textures`,
  textureSidePx: (most) => `textures larger than ${most} pixels`,
  texturePixels: (most) => `more than ${most} pixels of texture`,
  sizeBytes: (most) => `more than ${most / 1_000_000} MB`,
};

/** Refuses an avatar that is too much for other people's machines. @throws AvatarFileError `tooHeavy`, naming the first figure */
export function requireWearable({ ranks }: AvatarReport): void {
  const heavy = ranks.find(({ rank }) => rank === 'tooHeavy');
  if (!heavy) return;
  throw AvatarFileError.tooHeavy(TOO_MUCH[heavy.figure](heavy.next!.atMost));
}
