import { avatarKeyOf } from '@/lib/core/avatars';
import { cleanDisplayName } from '@/lib/core/displayName';

/** A page's query as Next gives it. */
export type MeetingQuery = Readonly<Record<string, string | string[] | undefined>>;

/** What a link can hold besides the meeting. */
export interface MeetingLink {
  /** '' if the link has none. */
  readonly name: string;
  /** An avatar reference; null if the link has none. */
  readonly avatar: string | null;
  /** Address of a BVH file, http(s) or on this site. */
  readonly motionUrl: string | null;
  /** Skips the lobby. */
  readonly autojoin: boolean;
  /** Joins with a microphone, open or muted; null if the link has none. */
  readonly microphone: 'open' | 'muted' | null;
  /** Joins with the webcam. */
  readonly webcam: boolean;
}

export const EMPTY_LINK: MeetingLink = {
  name: '',
  avatar: null,
  motionUrl: null,
  autojoin: false,
  microphone: null,
  webcam: false,
};

function first(value: string | string[] | undefined): string {
  return (Array.isArray(value) ? value[0] : value) ?? '';
}

function parseMotionUrl(text: string): string | null {
  // The base lets paths on this site parse; only the scheme matters here.
  if (text === '' || !URL.canParse(text, 'http://site')) return null;
  return /^https?:$/.test(new URL(text, 'http://site').protocol) ? text : null;
}

function parseMicrophone(text: string): MeetingLink['microphone'] {
  if (text === '1') return 'open';
  return text === 'muted' ? 'muted' : null;
}

/** Reads `name`, `avatar`, `motion`, `autojoin`, `mic` and `camera` of a meeting's link; ignores what can't be used. */
export function parseMeetingLink(query: MeetingQuery): MeetingLink {
  const avatar = first(query.avatar);
  return {
    name: cleanDisplayName(first(query.name)),
    avatar: avatarKeyOf(avatar) && avatar,
    motionUrl: parseMotionUrl(first(query.motion)),
    autojoin: first(query.autojoin) === '1',
    microphone: parseMicrophone(first(query.mic)),
    webcam: first(query.camera) === '1',
  };
}

/** A meeting's path on this site, to take a seat or to watch. */
export function meetingPath(meetingId: string, role: 'participant' | 'spectator' = 'participant'): string {
  return role === 'spectator' ? `/m/${meetingId}/watch` : `/m/${meetingId}`;
}
