import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { AvatarFileError } from '@/lib/avatarFile/avatarFileError';
import { inspectAvatar } from '@/lib/avatarFile/inspectAvatar';
import type { AvatarLicence } from '@/lib/avatarFile/report/licence';
import type { FigureRank, RankedFigure } from '@/lib/avatarFile/report/ranks';
import type { AvatarReport } from '@/lib/avatarFile/report/report';
import { removeAvatar } from '@/server/store/avatarStore';
import type { CommandOutput } from '@/tools/command/command';

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
function reportText({ kind, rank, figures, ranks, licence, terms }: AvatarReport): string {
  return [
    `${kind}: ${rank}`,
    ...ranks.map(figureLine),
    `  ${'draws in the file'.padEnd(20)} ${String(figures.draws).padStart(10)}`,
    `  ${'shapes'.padEnd(20)} ${String(figures.morphs).padStart(10)}  ${figures.arkitMorphs} of 52 ARKit blendshapes`,
    'licence',
    ...licenceLines(licence),
    terms === 'free' ? '  anyone may wear it' : '  needs its author’s permission to be worn in a meeting',
  ].join('\n');
}

const USAGE = 'Usage: npm run -s avatar -- inspect FILE [--json] | delete HASH --data DIR';
const HASH = /^(?:own:)?([0-9a-f]{64})$/;

function readFile(path: string): Uint8Array | null {
  try {
    return readFileSync(path);
  } catch {
    return null;
  }
}

/** Takes an avatar away from a site for good. `args`: its hash, `--data`, the site's `DATA_DIR`. */
async function runDelete([name = '', option, dataDir, ...rest]: readonly string[], output: CommandOutput) {
  const sha256 = HASH.exec(name)?.[1];
  if (!sha256 || option !== '--data' || !dataDir || rest.length > 0) {
    output.complain(USAGE);
    return 2;
  }
  const folder = join(dataDir, 'avatars');
  if (!existsSync(folder)) {
    output.complain(`${folder} does not exist. Give the DATA_DIR of the site with --data.`);
    return 2;
  }
  const wasThere = await removeAvatar(folder, sha256);
  const uploads = `It can't be uploaded again until ${sha256}.removed is deleted there.`;
  output.print(wasThere ? `Deleted. ${uploads}` : `There was no such avatar. ${uploads}`);
  return wasThere ? 0 : 1;
}

/**
 * `npm run avatar`: prints what the lobby says about an avatar file, or takes one away from a site. Returns the exit
 * status: 0, 1 for a file that cannot be used or is not there, 2 for arguments that are wrong or name no readable file.
 */
export async function runAvatarCommand(args: readonly string[], output: CommandOutput): Promise<number> {
  return args[0] === 'delete' ? runDelete(args.slice(1), output) : runInspect(args, output);
}

function runInspect(args: readonly string[], output: CommandOutput): number {
  const isJson = args.includes('--json');
  const [verb, path, ...rest] = args.filter((arg) => arg !== '--json');
  const bytes = verb === 'inspect' && path && rest.length === 0 ? readFile(path) : null;
  if (!bytes) {
    output.complain(verb === 'inspect' && path ? `${path} cannot be read. Check the path and its permissions.` : USAGE);
    return 2;
  }
  try {
    const { report } = inspectAvatar(bytes);
    output.print(isJson ? JSON.stringify(report, null, 2) : reportText(report));
    return report.rank === 'tooHeavy' ? 1 : 0;
  } catch (error) {
    if (!(error instanceof AvatarFileError)) throw error;
    output.complain(error.message);
    return 1;
  }
}
