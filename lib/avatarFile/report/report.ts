import type { Gltf } from '../gltf/gltf';
import type { AvatarKind, Humanoid } from '../humanoid/humanoid';
import { type AvatarFigures, countFigures } from './figures';
import { type AvatarLicence, readLicence, type UploadTerms, uploadTerms } from './licence';
import { type AvatarRank, type FigureRank, RANKED_FIGURES, rankFigure, worstRank } from './ranks';

/** All that is said about an avatar's file before anything of it is drawn. */
export interface AvatarReport {
  readonly kind: AvatarKind;
  readonly rank: AvatarRank;
  readonly figures: AvatarFigures;
  /** Each figure's rank, and what to come down to for the next better one. */
  readonly ranks: readonly FigureRank[];
  readonly licence: AvatarLicence;
  readonly terms: UploadTerms;
}

/** Reports on a file that has been read. @throws AvatarFileError `json` */
export function reportAvatar(gltf: Gltf, humanoid: Humanoid, sizeBytes: number): AvatarReport {
  const figures = countFigures(gltf, sizeBytes);
  const ranks = RANKED_FIGURES.map((figure) => rankFigure(figure, figures[figure]));
  const licence = readLicence(gltf);
  return { kind: humanoid.kind, rank: worstRank(ranks), figures, ranks, licence, terms: uploadTerms(licence) };
}
