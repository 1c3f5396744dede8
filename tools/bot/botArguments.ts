import { cleanAvatarRef } from '@/lib/core/avatarRef';
import { AVATAR_KEYS } from '@/lib/core/avatars';
import { parseMeetingReference } from '@/lib/core/meetingId';
import { type Env, readOptions, siteUrl, UsageError, wholeNumber } from '@/tools/command/command';

/** The command, as read from its arguments. */
export interface BotCommand {
  readonly url: string;
  /** Null to create a meeting. */
  readonly meetingId: string | null;
  readonly count: number;
  readonly name: string;
  /** A reference as `parseAvatarRef` reads it. Null for the default avatars in turn. */
  readonly avatar: string | null;
  readonly isSpectator: boolean;
  readonly motionPath: string | null;
  readonly voicePath: string | null;
  /** Null to run until Ctrl-C. */
  readonly seconds: number | null;
  readonly isJson: boolean;
}

const USAGE =
  'Usage: npm run bot -- --meeting ID|LINK | --create [--url URL] [--count N] [--motion FILE.bvh] [--voice FILE.opus] ' +
  '[--name NAME] [--avatar AVATAR] [--spectator] [--seconds N] [--json]';

const COUNT_MAX = 1000;
/** A month. */
const SECONDS_MAX = 31 * 24 * 3600;

const OPTIONS = {
  url: { type: 'string' },
  meeting: { type: 'string' },
  create: { type: 'boolean' },
  count: { type: 'string' },
  motion: { type: 'string' },
  voice: { type: 'string' },
  name: { type: 'string' },
  avatar: { type: 'string' },
  spectator: { type: 'boolean' },
  seconds: { type: 'string' },
  json: { type: 'boolean' },
} as const;

/** Reads the command line. The site is that of `--url`, else of the link, else of `PUBLIC_URL` or `PORT`. @throws UsageError */
export function readArguments(args: readonly string[], env: Env): BotCommand {
  const { values } = readOptions({ args: [...args], options: OPTIONS }, USAGE);
  const isSpectator = values.spectator ?? false;
  if (isSpectator && (values.motion || values.voice)) {
    throw new UsageError('A spectator neither moves nor speaks: leave out --motion and --voice, or --spectator.');
  }
  return {
    url: siteUrl(values.url ?? siteOf(values.meeting), env),
    meetingId: meetingIdOf(values.meeting, values.create ?? false),
    count: wholeNumber(values.count, 'count', { least: 1, most: COUNT_MAX }) ?? 1,
    name: values.name ?? 'Bot',
    avatar: avatarOf(values.avatar),
    isSpectator,
    motionPath: values.motion ?? null,
    voicePath: values.voice ?? null,
    seconds: wholeNumber(values.seconds, 'seconds', { least: 1, most: SECONDS_MAX }),
    isJson: values.json ?? false,
  };
}

/** The site of a link; undefined for a bare meeting id. */
function siteOf(meeting: string | undefined): string | undefined {
  if (!meeting || !/^https?:\/\//.test(meeting) || !URL.canParse(meeting)) return undefined;
  const { origin, pathname } = new URL(meeting);
  return `${origin}${pathname.replace(/\/m\/[^/]+(\/watch)?\/?$/, '')}`;
}

function meetingIdOf(meeting: string | undefined, isToCreate: boolean): string | null {
  if (isToCreate && meeting) throw new UsageError('Give either --meeting or --create.');
  if (isToCreate) return null;
  if (!meeting) throw new UsageError(USAGE);
  const id = parseMeetingReference(meeting);
  if (id === null) throw new UsageError(`--meeting must be a meeting's id or its link; "${meeting}" is neither.`);
  return id;
}

function avatarOf(given: string | undefined): string | null {
  if (given === undefined) return null;
  const avatar = cleanAvatarRef(given);
  if (avatar !== null) return avatar;
  throw new UsageError(
    `--avatar must be one of ${AVATAR_KEYS.join(', ')}, also with colours, such as ada:skin=cocoa,hair=black.`,
  );
}
