import { avatarKeyOf } from '@/lib/core/avatarKeyOf';
import { cleanDisplayName } from '@/lib/core/displayName';

/** A page's query as Next gives it. */
export type MeetingQuery = Readonly<Record<string, string | string[] | undefined>>;

/** What a link may carry besides the meeting. */
export interface MeetingLink {
  /** '' where the link has none. */
  readonly name: string;
  /** What to wear, of the form of a reference; null where the link has none. */
  readonly avatar: string | null;
  /** Address of a BVH file, http(s) or on this site. */
  readonly motionUrl: string | null;
  /** The lobby is skipped. */
  readonly autojoin: boolean;
  /** With a microphone, open or muted; null where the link has none. */
  readonly microphone: 'open' | 'muted' | null;
  /** One is moved by the camera. */
  readonly camera: boolean;
}

export const EMPTY_LINK: MeetingLink = {
  name: '',
  avatar: null,
  motionUrl: null,
  autojoin: false,
  microphone: null,
  camera: false,
};

function first(value: string | string[] | undefined): string {
  return (Array.isArray(value) ? value[0] : value) ?? '';
}

function parseMotionUrl(text: string): string | null {
  // A base makes paths of this site readable; only its scheme matters here.
  if (text === '' || !URL.canParse(text, 'http://site')) return null;
  return /^https?:$/.test(new URL(text, 'http://site').protocol) ? text : null;
}

function parseMicrophone(text: string): MeetingLink['microphone'] {
  if (text === '1') return 'open';
  return text === 'muted' ? 'muted' : null;
}

/** Reads `name`, `avatar`, `motion`, `autojoin`, `mic` and `camera` of a meeting's link; what can't be used is left out. */
export function parseMeetingLink(query: MeetingQuery): MeetingLink {
  const avatar = first(query.avatar);
  return {
    name: cleanDisplayName(first(query.name)),
    avatar: avatarKeyOf(avatar) && avatar,
    motionUrl: parseMotionUrl(first(query.motion)),
    autojoin: first(query.autojoin) === '1',
    microphone: parseMicrophone(first(query.mic)),
    camera: first(query.camera) === '1',
  };
}

/** A meeting's address on this site, for a person or a watcher. */
export function meetingPath(meetingId: string, role: 'participant' | 'spectator' = 'participant'): string {
  return role === 'spectator' ? `/m/${meetingId}/watch` : `/m/${meetingId}`;
}
