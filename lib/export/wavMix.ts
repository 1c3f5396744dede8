import type { RecordedState } from '@/lib/recording/events';
import { PlayedTime } from '@/lib/recording/playedTime';
import type { RecordedPerson } from '@/lib/recording/timeline';
import { distanceGain, ListenerSpace, pointAhead } from '@/lib/voice/listenerSpace';
import { ExportError } from './exportError';
import type { ExportSink, HearingPlace, RoomPlan } from './exportRequest';
import type { RangeRequest } from './readRange';
import { readVoices } from './readVoices';
import { type Panning, RATE_HZ, RoomMix } from './roomMix';
import { VoiceDecoder } from './voiceDecoder';
import { WAV_SAMPLES_MAX, wavHeader, wavSamples } from './wav';

/** Who hears the room. */
export interface RoomListener {
  readonly plan: RoomPlan;
  /** The person from whose seat it is heard; null for a guest. */
  readonly listenerId: string | null;
}

const heard = pointAhead();
const space = new ListenerSpace();

/** The loudness of each side for a voice at `heard`: equal power (Web Audio API, "equalpower" panning). */
function panningOf(place: HearingPlace, seat: number | null): Panning {
  space.set(...place.ear, ...place.forward);
  if (seat === null) Object.assign(heard, pointAhead());
  else space.hear(...place.mouthOf(seat), heard);
  const flat = Math.hypot(heard.x, heard.z);
  const sideways = flat > 0 ? heard.x / flat : 0;
  // -90 to 90 degrees of azimuth, as behind is heard as in front, to 0 to 90 of a quarter turn.
  const angle = (Math.asin(sideways) + Math.PI / 2) / 2;
  const gain = distanceGain(heard.distanceM);
  return { left: gain * Math.cos(angle), right: gain * Math.sin(angle) };
}

/** Everybody's panning, kept as long as nobody moves. */
class Panorama {
  private readonly known = new Map<string, Panning>();
  private people: RecordedState['people'] | null = null;

  constructor(private readonly listener: RoomListener) {}

  follow({ people }: RecordedState): void {
    if (people === this.people) return;
    this.people = people;
    const { plan, listenerId } = this.listener;
    const listener = people.find(({ person }) => person === listenerId)?.seat ?? null;
    const place = plan(
      people.flatMap(({ seat }) => seat ?? []),
      listener,
    );
    for (const { person, seat } of people) this.known.set(person, panningOf(place, seat));
  }

  of(personId: string): Panning {
    return this.known.get(personId) ?? { left: Math.SQRT1_2, right: Math.SQRT1_2 };
  }
}

/** Opus needs so much before the first sample that is heard (RFC 7845, section 4.6). */
const LEAD_MS = 80;
/** A gap up to this long is a loss, and concealed; a longer one is silence, into which the voice fades. */
const CONCEALED_MAX = 0.06 * RATE_HZ;
const FADE = 0.01 * RATE_HZ;
/** Rounding of times. */
const ROUNDING = 2;

/** One person's way from packets to the mix. */
class MixedVoice {
  /** The sample after the last one. */
  private end = Number.NEGATIVE_INFINITY;

  constructor(
    private readonly decoder: VoiceDecoder,
    private readonly mix: RoomMix,
  ) {}

  /** Adds a packet that begins at sample `given` of the mix. */
  play(packet: Uint8Array, given: number, panning: Panning): void {
    const gap = given - this.end;
    const at = Math.abs(gap) <= ROUNDING ? this.end : given;
    if (at > this.end && Number.isFinite(this.end)) this.mix.add(this.concealed(gap), this.end, panning);
    const samples = this.decoder.decode(packet);
    this.mix.add(samples, at, panning);
    this.end = at + samples.length;
  }

  /** What stands in a gap: the voice going on, as libopus guesses it. */
  private concealed(gap: number): Float32Array {
    const guess = this.decoder.conceal();
    if (gap <= CONCEALED_MAX) return guess.subarray(0, gap);
    return guess.subarray(0, FADE).map((value, k) => value * (1 - k / FADE));
  }
}

/** Collects blocks for a sink, which may be slow. */
class WavStream {
  private pieces: Uint8Array[] = [];
  private atByte = 0;

  constructor(private readonly sink: ExportSink) {}

  add(bytes: Uint8Array): void {
    this.pieces.push(bytes);
  }

  async flush(): Promise<void> {
    for (const piece of this.pieces.splice(0)) {
      await this.sink(piece, this.atByte);
      this.atByte += piece.length;
    }
  }
}

/**
 * Mixes the voices of `people` to a WAV file of 16-bit stereo, each from its seat, as a listener in the room hears them, silent
 * where there are no voices. @throws ExportError `tooLong`; the signal's reason; what the source and `sink` throw
 */
export async function writeWav(
  range: RangeRequest,
  people: readonly RecordedPerson[],
  listener: RoomListener,
  sink: ExportSink,
): Promise<void> {
  const played = new PlayedTime(range.rows);
  const startMs = played.playedMsOf(range.fromMs);
  const sampleOf = (timeMs: number) => Math.round(((played.playedMsOf(timeMs) - startMs) * RATE_HZ) / 1000);
  const total = sampleOf(range.toMs);
  if (total > WAV_SAMPLES_MAX) throw ExportError.tooLong(WAV_SAMPLES_MAX / RATE_HZ);
  const stream = new WavStream(sink);
  stream.add(wavHeader(total, RATE_HZ));
  const mix = new RoomMix(total, (interleaved) => stream.add(wavSamples(interleaved)));
  const panorama = new Panorama(listener);
  const decoders = await Promise.all(people.map(() => VoiceDecoder.create()));
  const voices = new Map(people.map(({ id }, k) => [id, new MixedVoice(decoders[k]!, mix)]));
  try {
    await readVoices(range, {
      onPacket: (personId, { bytes, timeMs }) => {
        if (timeMs < range.fromMs - LEAD_MS || timeMs >= range.toMs) return;
        voices.get(personId)?.play(bytes, sampleOf(timeMs), panorama.of(personId));
      },
      onTime: async (timeMs, state) => {
        panorama.follow(state);
        mix.flush(sampleOf(timeMs));
        await stream.flush();
      },
    });
    mix.finish();
    await stream.flush();
  } finally {
    for (const decoder of decoders) decoder.close();
  }
}
