import type { MediaKind } from './media/mediaContract';

/**
 * Hears what passes through one conference, before anything is left out for receivers. It is called for every packet, on the
 * loop that relays them, so it copies what it is given and returns.
 */
export interface ConferenceTap {
  /** A message of an endpoint, and so of a person, to all others: JSON, as it came. */
  message(endpointId: string, personId: string, message: Uint8Array): void;
  /** A packet of a microphone or a shared screen: the header of RTP with its extensions, and the payload in the clear. */
  rtp(endpointId: string, personId: string, kind: MediaKind, header: Uint8Array, payload: Uint8Array): void;
}

/** The taps of a hub. A room may have one conference after the other: its tap hears each. */
export class ConferenceTaps {
  private readonly byRoom = new Map<string, ConferenceTap>();
  private readonly byConference = new Map<string, ConferenceTap>();

  /** The tap of a conference, or undefined. Asked for every packet. */
  of(conferenceId: string): ConferenceTap | undefined {
    return this.byConference.size === 0 ? undefined : this.byConference.get(conferenceId);
  }

  /** A conference belongs to a room. */
  bind(conferenceId: string, room: string): void {
    const tap = this.byRoom.get(room);
    if (tap) this.byConference.set(conferenceId, tap);
  }

  /** Sets the tap of a room, whose conference may be going on, or with null takes it away. */
  set(room: string, tap: ConferenceTap | null, conferenceId: string | null): void {
    const before = this.byRoom.get(room);
    for (const [id, each] of this.byConference) if (each === before) this.byConference.delete(id);
    if (tap) this.byRoom.set(room, tap);
    else this.byRoom.delete(room);
    if (conferenceId !== null) this.bind(conferenceId, room);
  }
}
