import type { AvatarLicence } from '@/lib/avatarFile/report/licence';
import type { FigureRank, RankedFigure } from '@/lib/avatarFile/report/ranks';
import type { AvatarReport } from '@/lib/avatarFile/report/report';

const NAMES: Readonly<Record<RankedFigure, string>> = {
  triangles: 'triangles',
  materials: 'materials',
  joints: 'joints',
  springJoints: 'swinging joints',
  images: 'textures',
  textureSidePx: 'largest texture, px',
  texturePixels: 'texture pixels',
  sizeBytes: 'bytes',
};

function figureLine({ figure, value, rank, next }: FigureRank): string {
  const advice = next ? `at most ${next.atMost} for ${next.rank}` : '';
  return `  ${NAMES[figure].padEnd(20)} ${String(value).padStart(10)}  ${rank.padEnd(9)}  ${advice}`.trimEnd();
}

function licenceLines({ title, authors, users, redistribution, name, url, copyright }: AvatarLicence): string[] {
  const facts = { title, authors: authors.join(', '), users, redistribution, licence: name, url, copyright };
  return Object.entries(facts).flatMap(([fact, text]) => (text ? [`  ${fact.padEnd(20)} ${text}`] : []));
}

/** A report as lines for a terminal. */
export function reportText({ kind, rank, figures, ranks, licence, terms }: AvatarReport): string {
  return [
    `${kind}: ${rank}`,
    ...ranks.map(figureLine),
    `  ${'draws in the file'.padEnd(20)} ${String(figures.draws).padStart(10)}`,
    `  ${'shapes'.padEnd(20)} ${String(figures.morphs).padStart(10)}  ${figures.arkitMorphs} of 52 ARKit blendshapes`,
    'licence',
    ...licenceLines(licence),
    terms === 'free' ? '  may be worn by everybody' : '  needs its author’s permission to be brought into a meeting',
  ].join('\n');
}
