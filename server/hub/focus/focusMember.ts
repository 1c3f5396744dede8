import type { Admitted } from '@/lib/core/admission';
import type { MediaLink } from '../media/mediaContract';
import type { Element } from '../xmpp/stanza';
import type { ChannelOffer } from './jingleSession';

/** An occupant as the focus sees it. */
export interface FocusMember {
  readonly endpointId: string;
  readonly jid: string;
  readonly admitted: Admitted;
  readonly webSocketOrigin: string;
  send(stanza: Element): void;
}

/** The room a member is in. */
export interface MucRoomRef {
  readonly jid: string;
  readonly id: string;
}

/** An endpoint's place on the bridge. */
export interface Allocation {
  readonly link: MediaLink;
  readonly channel: ChannelOffer;
}

/** The bridge, as far as the focus needs it. */
export interface EndpointAllocator {
  /**
   * A fresh channel and media connection for the member; an older channel of the same member closes at once, before this
   * returns. Never rejects: where media can't be had, the link is one that leads nowhere. The caller closes the link.
   */
  allocate(room: MucRoomRef, member: FocusMember): Promise<Allocation>;
  /** Closes the member's channel at once: the session that led to it is over. */
  release(endpointId: string): void;
  /** Lets go of a member who has left, and who may close the channel before the bridge does. */
  dismiss(endpointId: string): void;
}
