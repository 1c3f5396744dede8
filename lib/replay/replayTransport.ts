import { Emitter } from '@/lib/core/emitter';
import type { SegmentRecord, SegmentTrack } from '@/lib/recording/segmentReader';
import type { MediaPath } from '@/lib/transport/mediaPath';
import {
  type Endpoint,
  RemoteEndpoints,
  type SendOutcome,
  type Transport,
  type TransportEvents,
  type TransportState,
  type TransportTrouble,
} from '@/lib/transport/transport';

/**
 * A conference that is over, as those who were in it received it: the same `joined`, `left` and `packet` at the times of a recording.
 * Each pose track is an endpoint. Nothing can be sent.
 */
export class ReplayTransport implements Transport {
  readonly events = new Emitter<TransportEvents>();
  readonly isChannelOpen = false;
  readonly backlogBytes = null;
  readonly downlinkBps = null;
  readonly mediaPath: MediaPath = { state: 'connecting', udpPort: null };
  readonly trouble: TransportTrouble = 'none';
  private readonly remotes = new RemoteEndpoints(this.events);
  private readonly byTrack = new Map<number, Endpoint>();
  private current: TransportState = 'idle';
  private leaps = 0;

  get state(): TransportState {
    return this.current;
  }

  get endpointId(): string {
    return this.current === 'live' ? 'replay' : '';
  }

  get endpoints(): ReadonlyMap<string, Endpoint> {
    return this.remotes.endpoints;
  }

  get hidden(): ReadonlySet<string> {
    return this.remotes.hidden;
  }

  get unheard(): ReadonlySet<string> {
    return this.remotes.unheard;
  }

  async connect(): Promise<void> {
    this.enter('live');
  }

  broadcast(): SendOutcome {
    return 'notOpen';
  }

  sendTo(): SendOutcome {
    return 'notOpen';
  }

  setHidden(): void {}

  wake(): void {}

  /** A record whose time has come. */
  take(record: SegmentRecord): void {
    if (this.current !== 'live') return;
    if (record.type === 'pose')
      this.events.emit('packet', { from: this.endpointOf(record.track), bytes: record.bytes });
    else if (record.type !== 'event') return;
    else if (record.event.kind === 'left') this.part(record.event.person);
    else if (record.event.kind === 'takeBegan' && record.event.reason === 'resumed') this.restart();
  }

  /**
   * What follows is of another time: everybody leaves, and comes back with an endpoint of another name. A receiver then begins with
   * the next keyframe, and draws at once.
   */
  restart(): void {
    this.byTrack.clear();
    this.leaps += 1;
    this.remotes.forgetAll();
  }

  async disconnect(): Promise<void> {
    if (this.current === 'closed') return;
    this.restart();
    this.enter('closed');
    this.events.clear();
  }

  private endpointOf({ id, personId }: SegmentTrack): Endpoint {
    const known = this.byTrack.get(id);
    if (known) return known;
    const endpoint = { endpointId: `track-${id}-${this.leaps}`, personId };
    this.byTrack.set(id, endpoint);
    this.remotes.greet(endpoint);
    return endpoint;
  }

  private part(personId: string): void {
    for (const [track, endpoint] of [...this.byTrack]) {
      if (endpoint.personId !== personId) continue;
      this.byTrack.delete(track);
      this.remotes.forget(endpoint.endpointId);
    }
  }

  private enter(state: TransportState): void {
    if (state === this.current) return;
    this.current = state;
    this.events.emit('state', { state });
  }
}
