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
  /** Joins with a microphone, open or muted; null if the link asks for none, or may not open it. */
  readonly microphone: 'open' | 'muted' | null;
  /** Joins with the webcam. */
  readonly webcam: boolean;
  /** What the link asks for and may not open. */
  readonly offer: DeviceOffer;
}

/** What a page that joins by itself offers to turn on with one press. */
export interface DeviceOffer {
  readonly microphone: boolean;
  readonly webcam: boolean;
}

const NO_OFFER: DeviceOffer = { microphone: false, webcam: false };

export const EMPTY_LINK: MeetingLink = {
  name: '',
  avatar: null,
  motionUrl: null,
  autojoin: false,
  microphone: null,
  webcam: false,
  offer: NO_OFFER,
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

/**
 * Reads `name`, `avatar`, `motion`, `autojoin`, `mic` and `camera` of a meeting's link; ignores what can't be used. Anybody can
 * send a link, so it mutes, but opens no device unless `opensDevices`: the operator says so, on the server.
 */
export function parseMeetingLink(query: MeetingQuery, opensDevices = false): MeetingLink {
  const avatar = first(query.avatar);
  const motionUrl = parseMotionUrl(first(query.motion));
  const microphone = parseMicrophone(first(query.mic));
  const webcam = first(query.camera) === '1';
  const autojoin = first(query.autojoin) === '1';
  // The lobby has its own buttons.
  const isOffered = autojoin && !opensDevices;
  return {
    name: cleanDisplayName(first(query.name)),
    avatar: avatarKeyOf(avatar) && avatar,
    motionUrl,
    autojoin,
    microphone: microphone === 'open' && !opensDevices ? null : microphone,
    webcam: webcam && opensDevices,
    offer: {
      microphone: isOffered && microphone === 'open',
      webcam: isOffered && webcam && motionUrl === null,
    },
  };
}
