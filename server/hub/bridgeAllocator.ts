import type { Clock } from '@/lib/core/clock';
import type { Log } from '@/lib/core/log';
import type { Bridge } from './bridge/bridge';
import type { ChannelSocket } from './bridge/channelSocket';
import type { Endpoint } from './bridge/endpoint';
import type { ConferenceTaps } from './conferenceTaps';
import type { Allocation, EndpointAllocator, FocusMember, MediaWish, MucRoomRef } from './focus/focusMember';
import type { HubFaults } from './hubFaults';
import type { ChannelListener, MediaLink } from './media/mediaContract';
import { createNullMediaLink } from './media/mediaLink';
import type { MediaRouter } from './media/mediaRouter';
import type { BridgeDialect } from './profile/hubProfile';

/** What the bridge channel runs over, if both are possible. */
export type ChannelKind = 'websocket' | 'datachannel';

interface BridgeAllocatorOptions {
  readonly bridge: Bridge;
  /** Null if the hub carries no media. */
  readonly media: MediaRouter | null;
  readonly channel: ChannelKind;
  readonly taps?: ConferenceTaps;
  readonly dialect: BridgeDialect;
  readonly faults: HubFaults;
  readonly clock: Clock;
  readonly log: Log;
}

/** How often an allocation looks whether a bridge answers. */
const LOOK_MS = 100;

/** An endpoint whose media has not connected yet. */
interface Unconnected {
  readonly link: MediaLink;
  readonly sinceMs: number;
}

/** Gives the focus's members their endpoint on the bridge: a channel and a media connection. */
export class BridgeAllocator implements EndpointAllocator {
  private readonly unconnected = new Map<string, Unconnected>();

  constructor(private readonly options: BridgeAllocatorOptions) {}

  async allocate(room: MucRoomRef, member: FocusMember, wish: MediaWish): Promise<Allocation | null> {
    const { faults, clock } = this.options;
    if (faults.allocationMs > 0) await pause(faults.allocationMs);
    if (faults.isBridgeAway) this.release(member.endpointId);
    while (faults.isBridgeSilent && wish.isWanted()) await pause(LOOK_MS);
    if (!wish.isWanted() || faults.isBridgeAway) return null;
    const allocation = await this.allocateNow(room, member, wish);
    this.unconnected.set(member.endpointId, { link: allocation.link, sinceMs: clock.nowMs() });
    return allocation;
  }

  /** Expires endpoints whose media has not connected in time, where the bridge does that. Call it twice a second. */
  sweep(): void {
    const nowMs = this.options.clock.nowMs();
    const maxMs = this.options.dialect.unconnectedMaxMs ?? Number.POSITIVE_INFINITY;
    for (const [endpointId, { link, sinceMs }] of this.unconnected) {
      if (link.wasConnected) {
        this.unconnected.delete(endpointId);
      } else if (nowMs - sinceMs >= maxMs) {
        this.unconnected.delete(endpointId);
        link.close();
        this.options.bridge.expire(endpointId);
      }
    }
  }

  /** Without media, or if no connection can be opened, the channel is a WebSocket whatever the setting. */
  private async allocateNow(room: MucRoomRef, member: FocusMember, wish: MediaWish): Promise<Allocation> {
    const { endpointId, admitted, webSocketOrigin } = member;
    const { bridge, channel } = this.options;
    const { personId, role } = admitted;
    this.options.taps?.bind(room.id, admitted.room);
    const endpoint = bridge.allocate({ id: endpointId, conferenceId: room.id, personId, role });
    const link = wish.hasMedia ? await this.open(endpoint, () => wish.onMediaLost()) : this.unreachedLink(endpoint);
    if (link && wish.hasMedia && channel === 'datachannel') return { link, channel };
    const webSocketUrl = webSocketOrigin + bridge.addressOf(endpoint);
    return { link: link ?? createNullMediaLink(), channel: { webSocketUrl } };
  }

  release(endpointId: string): void {
    this.unconnected.delete(endpointId);
    this.options.bridge.release(endpointId);
  }

  dismiss(endpointId: string): void {
    this.unconnected.delete(endpointId);
    this.options.bridge.dismiss(endpointId);
  }

  private async open(endpoint: Endpoint, onMediaLost: () => void): Promise<MediaLink | null> {
    try {
      const link: MediaLink | undefined = await this.options.media?.open({
        conferenceId: endpoint.conferenceId,
        endpointId: endpoint.id,
        personId: endpoint.personId,
        maySend: endpoint.role !== 'spectator',
        onDead: () => link?.wasConnected && onMediaLost(),
        onChannel: (socket) => this.takeDataChannel(endpoint, socket),
      });
      return link ?? null;
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      this.options.log.warn('no media connection: data only', { reason });
      return null;
    }
  }

  /** The link of an endpoint that media does not reach: whatever it announces, the others are told so. */
  private unreachedLink({ conferenceId, id: endpointId }: Endpoint): MediaLink {
    const setSources = (sources: readonly unknown[]) => {
      if (sources.length > 0) this.options.bridge.announceReach({ conferenceId, endpointId, isReached: false });
    };
    return { ...createNullMediaLink(), setSources };
  }

  private takeDataChannel(endpoint: Endpoint, socket: ChannelSocket): ChannelListener {
    const { bridge, channel, dialect } = this.options;
    if (channel === 'datachannel' || dialect.takesAnyChannel) bridge.connected(endpoint, socket);
    else socket.close(1008, 'not offered');
    return {
      onFrame: (data, isBinary) => bridge.receive(endpoint, socket, { data, isBinary }),
      onClose: () => bridge.disconnected(endpoint, socket),
    };
  }
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms).unref());
}
