import { type Element, xml } from '../element';
import { NS } from '../namespaces';
import { HIDDEN_ELEMENT } from './roomPresence';

/** What one shows of oneself to the room. */
export interface OwnState {
  readonly isHidden: boolean;
  /** Whether one's voice is sent. */
  readonly isSpeaking: boolean;
}

/** Name of the one audio source of an endpoint, as Jitsi's source-name signalling has it. */
export function voiceSourceName(endpointId: string): string {
  return `${endpointId}-a0`;
}

/** The presence by which one enters a room as `nick`, and says anew what has changed. */
export function ownPresence(roomJid: string, nick: string, { isHidden, isSpeaking }: OwnState): Element {
  const sources = { [voiceSourceName(nick)]: { muted: !isSpeaking } };
  return xml(
    'presence',
    { to: `${roomJid}/${nick}` },
    xml('x', { xmlns: NS.muc }),
    xml(HIDDEN_ELEMENT, {}, String(isHidden)),
    // Older clients read the first, newer ones `SourceInfo`.
    xml('audiomuted', { xmlns: NS.audioMuted }, String(!isSpeaking)),
    xml('videomuted', { xmlns: NS.videoMuted }, 'true'),
    xml('SourceInfo', {}, JSON.stringify(sources)),
  );
}

/** The presence by which one leaves. */
export function leavingPresence(roomJid: string, nick: string): Element {
  return xml('presence', { to: `${roomJid}/${nick}`, type: 'unavailable' });
}
