import type { HearingSink } from '@/lib/core/hearingSink';
import type { SegmentRecord, SegmentTrack } from '@/lib/recording/segmentReader';
import type { VoiceMixer } from '@/lib/voice/voiceMixer';
import type { Replay, ReplayVoiceSink } from '../replay';
import { type CreateOpusDecoder, createOpusDecoder, SAMPLE_RATE } from './opusDecoder';
import { type SoundOutput, VoiceLane } from './voiceLane';

/** Plays sound into a node of Web Audio. */
class NodeOutput implements SoundOutput {
  private readonly playing = new Set<AudioBufferSourceNode>();

  constructor(
    private readonly input: AudioNode,
    private readonly onClose: () => void,
  ) {}

  get nowS(): number {
    return this.input.context.currentTime;
  }

  get latencyS(): number {
    const { outputLatency, baseLatency } = this.input.context as AudioContext;
    return outputLatency || baseLatency || 0;
  }

  play(samples: Float32Array, atS: number): void {
    const { context } = this.input;
    const buffer = context.createBuffer(1, samples.length, SAMPLE_RATE);
    buffer.getChannelData(0).set(samples);
    const source = context.createBufferSource();
    source.buffer = buffer;
    source.connect(this.input);
    source.onended = () => {
      source.disconnect();
      this.playing.delete(source);
    };
    // On whole samples, so that one piece follows the other without a seam.
    source.start(Math.max(0, Math.round(atS * SAMPLE_RATE) / SAMPLE_RATE));
    this.playing.add(source);
  }

  stop(): void {
    for (const source of this.playing) source.stop();
    this.playing.clear();
  }

  close(): void {
    this.stop();
    this.onClose();
  }
}

/** The voices of a replay, each from the mouth of its person, in the mixer of the live meeting. */
export class ReplayVoices implements ReplayVoiceSink, HearingSink {
  private readonly lanes = new Map<number, VoiceLane>();
  private readonly met = new Set<string>();
  private readonly silenced = new Set<string>();
  private fromMs = 0;

  constructor(
    private readonly replay: Replay,
    private readonly mixer: VoiceMixer,
    private readonly createDecoder: CreateOpusDecoder = createOpusDecoder,
  ) {
    replay.hear(this);
  }

  restart(fromMs: number): void {
    this.fromMs = fromMs;
    for (const lane of this.lanes.values()) lane.restart(fromMs);
  }

  take(record: SegmentRecord): void {
    if (record.type === 'voice') this.laneOf(record.track).take(record);
    else if (record.type === 'clock' && record.track.kind === 'voice') this.laneOf(record.track).take(record);
  }

  setMouth(personId: string, x: number, y: number, z: number): void {
    this.mixer.setMouth(personId, x, y, z);
  }

  setListener(x: number, y: number, z: number, forwardX: number, forwardY: number, forwardZ: number): void {
    this.mixer.setListener(x, y, z, forwardX, forwardY, forwardZ);
  }

  /** Whether a voice of this person has been met. */
  hasVoice(personId: string): boolean {
    return this.met.has(personId);
  }

  /** How loud a person speaks now, 0 to 1. */
  level(personId: string): number {
    return this.mixer.level(personId, performance.now());
  }

  /** Volume of everybody, 0 to 1. */
  setMaster(volume: number): void {
    this.mixer.setMaster(volume);
  }

  /** Whether a person is heard. */
  setHeard(personId: string, isHeard: boolean): void {
    if (isHeard) this.silenced.delete(personId);
    else this.silenced.add(personId);
    this.mixer.setVolume(personId, isHeard ? 1 : 0);
  }

  /** Lets the browser play; call it during a press of a key or button. */
  resume(): void {
    this.mixer.resume();
  }

  close(): void {
    this.replay.hear(null);
    for (const lane of this.lanes.values()) lane.close();
    this.lanes.clear();
    this.mixer.close();
  }

  private laneOf({ id, personId }: SegmentTrack): VoiceLane {
    const known = this.lanes.get(id);
    if (known) return known;
    const voiceId = `track-${id}`;
    this.met.add(personId);
    const input = this.mixer.open(voiceId, personId);
    if (this.silenced.has(personId)) this.mixer.setVolume(personId, 0);
    const lane = new VoiceLane({
      personId,
      output: new NodeOutput(input, () => this.mixer.remove(voiceId)),
      listening: this.listening,
      createDecoder: this.createDecoder,
    });
    lane.restart(this.fromMs);
    this.lanes.set(id, lane);
    return lane;
  }

  private get listening() {
    const { replay } = this;
    return {
      get positionMs() {
        return replay.positionMs;
      },
      get rate() {
        return replay.clock.rate;
      },
      delayMsOf: (personId: string) => replay.delayMsOf(personId),
    };
  }
}
