import { backoffMs } from '@/lib/core/backoff';
import type { Log } from '@/lib/core/log';
import type { SeatedPerson } from '@/lib/core/meeting';
import { EndpointIdentities } from '@/lib/transport/endpointIdentities';
import { packetMessage } from '@/lib/transport/headless/bridgeChannel';
import { HeadlessTransport } from '@/lib/transport/headless/headlessTransport';
import type { JitsiPass } from '@/lib/transport/link';
import type { ConferenceTap } from '@/server/hub/conferenceTaps';
import type { TappedConferences } from '@/server/recorder/tapRecorder';
import { writeScreenHeader, writeVoiceHeader } from './hubHeader';

/** Pause before a conference that could not be entered is tried again, at most. */
const RETRY_MAX_MS = 10_000;

export interface SpectatedConferencesParts {
  /** A pass into the conference of a room. */
  fetchPass(room: string): Promise<JitsiPass>;
  readonly log: Log;
}

/**
 * Taps conferences of a Jitsi deployment: a spectator without a browser is in each for as long as it is tapped. The bridge
 * forwards everybody's packets, voices and screens to it. It has no stay, so no one sees it.
 */
export class SpectatedConferences implements TappedConferences {
  private readonly spectators = new Map<string, Spectator>();

  constructor(private readonly parts: SpectatedConferencesParts) {}

  tap(room: string, tap: ConferenceTap | null): void {
    this.spectators.get(room)?.leave();
    this.spectators.delete(room);
    if (!tap) return;
    const spectator = new Spectator(room, tap, this.parts);
    this.spectators.set(room, spectator);
    void spectator.enter();
  }

  /** Takes over who has a seat in the meeting of a tapped room: what endpoints send counts as theirs by this. */
  follow(room: string, people: readonly SeatedPerson[]): void {
    this.spectators.get(room)?.follow(people);
  }

  askForKeyFrames(room: string): void {
    this.spectators.get(room)?.askForKeyframes();
  }
}

/** In one conference until it is told to leave: what breaks is begun again. */
class Spectator {
  private transport: HeadlessTransport | null = null;
  private identities: EndpointIdentities | null = null;
  private people: readonly SeatedPerson[] = [];
  private retry: NodeJS.Timeout | null = null;
  private failures = 0;
  private isOver = false;

  constructor(
    private readonly room: string,
    private readonly tap: ConferenceTap,
    private readonly parts: SpectatedConferencesParts,
  ) {}

  follow(people: readonly SeatedPerson[]): void {
    this.people = people;
    this.identities?.follow(people);
  }

  async enter(): Promise<void> {
    const { log } = this.parts;
    const identities = new EndpointIdentities({ log });
    const transport = new HeadlessTransport({
      fetchPass: () => this.parts.fetchPass(this.room),
      identities,
      media: 'voice',
      hearVoice: (endpointId, packet) => {
        const personId = personOf(endpointId);
        if (personId) this.tap.rtp(endpointId, personId, 'audio', writeVoiceHeader(packet), packet.opus);
      },
      hearScreen: (endpointId, packet) => {
        const personId = personOf(endpointId);
        if (personId) this.tap.rtp(endpointId, personId, 'video', writeScreenHeader(packet), packet.payload);
      },
      log,
    });
    const personOf = (endpointId: string) => transport.endpoints.get(endpointId)?.personId;
    this.transport = transport;
    this.identities = identities;
    identities.follow(this.people);
    transport.events.on('packet', ({ from: { endpointId, personId }, bytes }) => {
      if (personId === null) return;
      this.tap.message(endpointId, personId, Buffer.from(packetMessage('', bytes, bytes.length)));
    });
    transport.events.on('state', ({ state, error }) => {
      if (state === 'live') this.failures = 0;
      if (state === 'failed') this.enterAgain(transport, error);
    });
    await transport.connect().catch((error: unknown) => this.enterAgain(transport, error));
  }

  askForKeyframes(): void {
    this.transport?.askForKeyframes();
  }

  leave(): void {
    this.isOver = true;
    if (this.retry) clearTimeout(this.retry);
    void this.transport?.disconnect();
  }

  private enterAgain(transport: HeadlessTransport, error: unknown): void {
    if (this.isOver || this.transport !== transport) return;
    this.transport = null;
    this.identities = null;
    void transport.disconnect();
    const pauseMs = backoffMs(this.failures, RETRY_MAX_MS, Math.random());
    this.failures += 1;
    this.parts.log.warn('the recorder is not in the conference and tries again', {
      cause: String(error),
      pauseMs: Math.round(pauseMs),
    });
    this.retry = setTimeout(() => void this.enter(), pauseMs);
  }
}
