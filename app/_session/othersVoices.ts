import type { MediaTransport, RemoteTrack } from '@/lib/transport/media';
import type { Endpoint, Transport } from '@/lib/transport/transport';
import { SpeakingGate } from '@/lib/voice/speakingGate';
import type { VoiceOutput } from '@/lib/voice/voiceOutput';

/** A transport that carries voices beside packets. */
export type VoiceTransport = Transport & MediaTransport;

/** Who an endpoint is heard as; where the deployment vouches for nobody, as itself: heard, but at no avatar. */
export function heardAs({ personId, endpointId }: Endpoint): string {
  return personId ?? endpointId;
}

/** People all of whose connections are muted: one that is about to go must not hide the one that has come. */
export function mutedPeopleOf(transport: Pick<VoiceTransport, 'endpoints' | 'isMuted'>): Set<string> {
  const muted = new Set<string>();
  const heard = new Set<string>();
  for (const endpoint of transport.endpoints.values()) {
    (transport.isMuted(endpoint.endpointId) ? muted : heard).add(heardAs(endpoint));
  }
  for (const personId of heard) muted.delete(personId);
  return muted;
}

/** The others' voices of one stay: which are here, how loud each is made, and who speaks. */
export class OthersVoices {
  private readonly personOf = new Map<string, string>();
  private readonly gates = new Map<string, SpeakingGate>();

  constructor(
    private readonly output: () => VoiceOutput,
    private readonly volumeOf: (personId: string) => number,
  ) {}

  /** Who is heard now, each once. */
  get people(): ReadonlySet<string> {
    return new Set(this.personOf.values());
  }

  add({ id, from, stream }: RemoteTrack): void {
    const personId = heardAs(from);
    this.personOf.set(id, personId);
    this.output().add(id, personId, stream);
    this.output().setVolume(personId, this.volumeOf(personId));
  }

  remove(trackId: string): void {
    if (this.personOf.delete(trackId)) this.output().remove(trackId);
  }

  clear(): void {
    for (const id of [...this.personOf.keys()]) this.remove(id);
    this.gates.clear();
  }

  /** Adds everybody who speaks at `nowMs` to `speaking`. */
  gatherSpeaking(nowMs: number, speaking: Set<string>): void {
    for (const personId of this.people) {
      if (this.gateOf(personId).update(this.output().level(personId, nowMs), nowMs)) speaking.add(personId);
    }
  }

  private gateOf(personId: string): SpeakingGate {
    let gate = this.gates.get(personId);
    if (!gate) {
      gate = new SpeakingGate();
      this.gates.set(personId, gate);
    }
    return gate;
  }
}
