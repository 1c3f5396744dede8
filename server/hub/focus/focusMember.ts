import type { Admitted } from '@/lib/core/admission';
import type { MediaLink } from '../media/mediaContract';
import type { BridgeState } from '../xmpp/mucRoom';
import type { Element } from '../xmpp/stanza';
import type { ChannelOffer } from './jingleSession';

/** An occupant as the focus sees it. */
export interface FocusMember {
  readonly endpointId: string;
  readonly jid: string;
  readonly admitted: Admitted;
  readonly webSocketOrigin: string;
  send(stanza: Element): void;
  /** Whether `sizeBytes` of it may go to each of the others. If not, it is cut off. */
  mayRelay(sizeBytes: number): boolean;
}

/** The MUC room a member is in. */
export interface MucRoomRef {
  /** Bare address. */
  readonly jid: string;
  /** Id of the conference. */
  readonly id: string;
  noteBridges(state: BridgeState): void;
  /** Makes an occupant an owner. */
  grantOwner(endpointId: string): void;
}

/** What an endpoint has been allocated on the bridge. */
export interface Allocation {
  readonly link: MediaLink;
  readonly channel: ChannelOffer;
}

/** What is wanted of a media connection. */
export interface MediaWish {
  /** Without, the link leads nowhere and the channel is a WebSocket. */
  readonly hasMedia: boolean;
  /** Whether the allocation is still waited for: the member may have left. */
  isWanted(): boolean;
  /** Called when the connection, after it was up, has ended by itself. */
  onMediaLost(): void;
}

/** What the focus needs from the bridge. */
export interface EndpointAllocator {
  /**
   * Allocates a fresh channel and media connection for the member. An older channel of the same member closes before this
   * returns. Never rejects: without media, the link leads nowhere. The caller closes the link. Null if there is no bridge.
   */
  allocate(room: MucRoomRef, member: FocusMember, wish: MediaWish): Promise<Allocation | null>;
  /** Closes the member's channel at once, because its session is over. */
  release(endpointId: string): void;
  /** Releases a member that has left, and lets it close the channel before the bridge does. */
  dismiss(endpointId: string): void;
}
