import { parseArgs } from 'node:util';
import { cleanAvatarRef } from '@/lib/core/avatarRef';
import { AVATAR_KEYS } from '@/lib/core/avatars';
import { parseMeetingReference } from '@/lib/core/meetingId';

/** What an operator asked for. */
export interface BotCommand {
  readonly url: string;
  /** Null: a meeting is created. */
  readonly meetingId: string | null;
  readonly count: number;
  readonly name: string;
  /** A reference as `parseAvatarRef` reads it. Null: the default avatars in turn. */
  readonly avatar: string | null;
  readonly isSpectator: boolean;
  readonly motionPath: string | null;
  readonly voicePath: string | null;
  /** Null: until Ctrl-C. */
  readonly seconds: number | null;
  readonly isJson: boolean;
}

export const USAGE =
  'Usage: npm run bot -- --meeting ID|LINK | --create [--url URL] [--count N] [--motion FILE.bvh] [--voice FILE.opus] ' +
  '[--name NAME] [--avatar AVATAR] [--spectator] [--seconds N] [--json]';

/** Arguments that make no command. The message is one sentence. */
export class UsageError extends Error {}

const COUNT_MAX = 1000;

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

type Env = Readonly<Record<string, string | undefined>>;

/** Reads the command line. The site is `--url`'s, else the link's, else that of `PUBLIC_URL` or `PORT`. @throws UsageError */
export function readArguments(args: readonly string[], env: Env): BotCommand {
  const values = parse(args);
  const isSpectator = values.spectator ?? false;
  if (isSpectator && (values.motion || values.voice)) {
    throw new UsageError('A spectator neither moves nor speaks: leave out --motion and --voice, or --spectator.');
  }
  return {
    url: siteUrl(values.url ?? siteOf(values.meeting), env),
    meetingId: meetingIdOf(values.meeting, values.create ?? false),
    count: wholeNumber(values.count, 'count', COUNT_MAX) ?? 1,
    name: values.name ?? 'Bot',
    avatar: avatarOf(values.avatar),
    isSpectator,
    motionPath: values.motion ?? null,
    voicePath: values.voice ?? null,
    seconds: wholeNumber(values.seconds, 'seconds', 31 * 24 * 3600),
    isJson: values.json ?? false,
  };
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({ args: [...args], options: OPTIONS }).values;
  } catch (error) {
    throw new UsageError(`${(error as Error).message.split('. ')[0]}. ${USAGE}`);
  }
}

/** The site a link leads to; undefined where it is no whole address. */
function siteOf(meeting: string | undefined): string | undefined {
  if (!meeting || !/^https?:\/\//.test(meeting) || !URL.canParse(meeting)) return undefined;
  const { origin, pathname } = new URL(meeting);
  return `${origin}${pathname.replace(/\/m\/[^/]+(\/watch)?\/?$/, '')}`;
}

function siteUrl(given: string | undefined, env: Env): string {
  const url = given ?? (env['PUBLIC_URL'] || `http://localhost:${env['PORT'] || 3000}`);
  if (URL.canParse(url) && /^https?:/.test(url)) return url.replace(/\/+$/, '');
  throw new UsageError('--url must be the address of a Parley site, such as https://meet.example.org.');
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

function wholeNumber(given: string | undefined, option: string, most: number): number | null {
  if (given === undefined) return null;
  const value = /^\d{1,9}$/.test(given) ? Number(given) : 0;
  if (value >= 1 && value <= most) return value;
  throw new UsageError(`--${option} must be a whole number from 1 to ${most}.`);
}
