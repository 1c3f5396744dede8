import type { MediaTransport, RemoteTrack } from '@/lib/transport/media';
import type { Transport } from '@/lib/transport/transport';
import { playStream, stopElement } from '@/lib/voice/streamElement';
import { SpeakingGate } from '@/lib/voice/voiceMeter';
import type { VoiceOutput } from '@/lib/voice/voiceOutput';
import { peopleAllOf } from './people';
import type { ScreenView } from './voiceContract';

/** A transport that carries voices beside packets. */
export type VoiceTransport = Transport & MediaTransport;

/** People all of whose connections are muted. */
export function mutedPeopleOf(transport: Pick<VoiceTransport, 'endpoints' | 'isMuted'>): Set<string> {
  return peopleAllOf(transport.endpoints.values(), (id) => transport.isMuted(id));
}

/** People none of whose connections media comes through to. */
export function unheardPeopleOf({ endpoints, unheard }: Pick<VoiceTransport, 'endpoints' | 'unheard'>): Set<string> {
  return peopleAllOf(endpoints.values(), (id) => unheard.has(id));
}

/** The remote voices of one attendance: which are here, how loud each is played, and who speaks. */
export class OthersVoices {
  private readonly personOf = new Map<string, string>();
  private readonly gates = new Map<string, SpeakingGate>();

  constructor(
    private readonly output: () => VoiceOutput,
    private readonly volumeOf: (personId: string) => number,
  ) {}

  /** Ids of the people who are heard now. */
  get people(): ReadonlySet<string> {
    return new Set(this.personOf.values());
  }

  /** Plays a voice as that of `personId`; does nothing if it plays so already. */
  add({ id, stream }: RemoteTrack, personId: string): void {
    if (this.personOf.get(id) === personId) return;
    this.remove(id);
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

  /** Adds the people who speak at `nowMs` to `speaking`. */
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

/** The local screen's id among those of the tracks. */
const OWN = 'own';

type Screen = Omit<ScreenView, 'video'>;

/** The screens that are shared now, in the order in which they came. Only the last one is played and shown. */
export class SharedScreens {
  private readonly screens = new Map<string, Screen>();
  private shown: { readonly screen: Screen; readonly view: ScreenView } | null = null;

  constructor(private readonly onChange: (shown: ScreenView | null, isSharing: boolean) => void) {}

  get isSharing(): boolean {
    return this.screens.has(OWN);
  }

  /** Adds a screen; does nothing if it is there already. */
  add(trackId: string, personId: string | null, stream: MediaStream): void {
    const known = this.screens.get(trackId);
    if (known?.personId !== personId || known?.stream !== stream) this.put(trackId, { personId, isOwn: false, stream });
  }

  addOwn(personId: string | null, stream: MediaStream): void {
    this.put(OWN, { personId, isOwn: true, stream });
  }

  remove(trackId: string): void {
    if (this.screens.delete(trackId)) this.report();
  }

  removeOwn(): void {
    this.remove(OWN);
  }

  clear(): void {
    for (const id of [...this.screens.keys()]) this.remove(id);
  }

  private put(id: string, screen: Screen): void {
    this.screens.delete(id);
    this.screens.set(id, screen);
    this.report();
  }

  private report(): void {
    const last = [...this.screens.values()].at(-1) ?? null;
    if (last !== (this.shown?.screen ?? null)) this.show(last);
    this.onChange(this.shown?.view ?? null, this.isSharing);
  }

  private show(screen: Screen | null): void {
    if (this.shown) stopElement(this.shown.view.video);
    this.shown = screen && { screen, view: { ...screen, video: playStream('video', screen.stream, true) } };
  }
}
