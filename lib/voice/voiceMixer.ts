import { distanceGain, ListenerSpace, pointAhead } from './listenerSpace';
import { playStream, stopElement } from './streamElement';
import { VoiceMeter } from './voiceMeter';
import { type MeasuredStream, PlainOutput, type VoiceOutput } from './voiceOutput';

/** How slowly places and volumes follow, s: no click, and no lag that an ear would notice. */
const GLIDE_S = 0.04;

/** Smaller moves of a heard point are skipped, metres. */
const STILL_M = 0.01;

/** Sound that is heard from a place in the room: level, volume and distance, then direction by HRTF. */
class PlacedVoice {
  private readonly meter: VoiceMeter;
  private readonly gain: GainNode;
  private readonly panner: PannerNode;
  private readonly mouth = { x: 0, y: 0, z: 0, isKnown: false };
  private readonly heard = pointAhead();
  private volume = 1;

  constructor(
    readonly personId: string,
    private readonly source: AudioNode,
    private readonly context: AudioContext,
    out: AudioNode,
    /** Plays the source's stream, which is to stop with it. */
    private readonly element: HTMLAudioElement | null = null,
  ) {
    this.meter = new VoiceMeter(context.createAnalyser());
    this.gain = context.createGain();
    // Distance is left to the gain: the panner's own models have no floor.
    this.panner = new PannerNode(context, { panningModel: 'HRTF', distanceModel: 'linear', rolloffFactor: 0 });
    this.panner.positionZ.value = this.heard.z;
    this.source.connect(this.meter.analyser);
    this.source.connect(this.gain).connect(this.panner).connect(out);
  }

  setMouth(x: number, y: number, z: number): void {
    this.mouth.x = x;
    this.mouth.y = y;
    this.mouth.z = z;
    this.mouth.isKnown = true;
  }

  follow(listener: ListenerSpace): void {
    if (!this.mouth.isKnown) return;
    const { heard, panner, context } = this;
    const { x, y, z } = heard;
    listener.hear(this.mouth.x, this.mouth.y, this.mouth.z, heard);
    if (Math.abs(heard.x - x) + Math.abs(heard.y - y) + Math.abs(heard.z - z) < STILL_M) {
      heard.x = x;
      heard.y = y;
      heard.z = z;
      return;
    }
    panner.positionX.setTargetAtTime(heard.x, context.currentTime, GLIDE_S);
    panner.positionY.setTargetAtTime(heard.y, context.currentTime, GLIDE_S);
    panner.positionZ.setTargetAtTime(heard.z, context.currentTime, GLIDE_S);
    this.applyGain();
  }

  setVolume(volume: number): void {
    this.volume = volume;
    this.applyGain();
  }

  level(nowMs: number): number {
    return this.meter.level(nowMs);
  }

  close(): void {
    if (this.element) stopElement(this.element);
    this.source.disconnect();
    this.gain.disconnect();
    this.panner.disconnect();
  }

  private applyGain(): void {
    const gain = this.volume * distanceGain(this.heard.distanceM);
    this.gain.gain.setTargetAtTime(gain, this.context.currentTime, GLIDE_S);
  }
}

/** Least time between two updates of the heard places, ms: ears do not follow more. */
const FOLLOW_EVERY_MS = 50;

/**
 * Sixteen voices at once add up to more than full scale, so a soft limiter holds them. It leaves a single voice alone.
 * https://webaudio.github.io/web-audio-api/#DynamicsCompressorNode
 */
const LIMITER: DynamicsCompressorOptions = { threshold: -8, knee: 8, ratio: 12, attack: 0.003, release: 0.2 };

/**
 * Plays all remote voices in one AudioContext, each from its place.
 *
 * Echo cancellation: current browsers also cancel what Web Audio plays, so there is no loopback through a pair of
 * RTCPeerConnections, which Chromium once needed (https://github.com/Hubs-Foundation/hubs/pull/2361, crbug 687574) and which
 * costs delay, quality and direction. Chromium cancels everything that the browser plays
 * (https://github.com/w3c/mediacapture-extensions/issues/31), Firefox always did (the pull request above), Safari uses the
 * system's canceller. Output goes to the default device, which is the one they cancel.
 */
export class VoiceMixer implements VoiceOutput {
  private readonly context: AudioContext;
  private readonly master: GainNode;
  private readonly listener = new ListenerSpace();
  private readonly voices = new Map<string, PlacedVoice>();
  /** The same as an array, for loops that allocate nothing. */
  private all: readonly PlacedVoice[] = [];
  private followedMs = Number.NEGATIVE_INFINITY;

  /** `sampleRate`: that of sound which the page makes itself, if any. @throws if the browser has no Web Audio, or no more contexts. */
  constructor(sampleRate?: number) {
    this.context = new AudioContext({ latencyHint: 'interactive', sampleRate });
    this.master = this.context.createGain();
    const limiter = new DynamicsCompressorNode(this.context, LIMITER);
    this.master.connect(limiter).connect(this.context.destination);
    this.resume();
  }

  get isBlocked(): boolean {
    return this.voices.size > 0 && this.context.state !== 'running';
  }

  add(voiceId: string, personId: string, stream: MediaStream): void {
    // Chromium feeds a remote stream to Web Audio only while a media element plays it too: crbug.com/121673
    const element = playStream('audio', stream, true);
    this.place(voiceId, personId, this.context.createMediaStreamSource(stream), element);
  }

  /** A node for sound that the page makes itself: it is heard as the voice of `personId`, until `remove`. */
  open(voiceId: string, personId: string): AudioNode {
    const input = this.context.createGain();
    this.place(voiceId, personId, input, null);
    return input;
  }

  remove(voiceId: string): void {
    this.voices.get(voiceId)?.close();
    this.voices.delete(voiceId);
    this.all = [...this.voices.values()];
  }

  setMouth(personId: string, x: number, y: number, z: number): void {
    for (let at = 0; at < this.all.length; at += 1) {
      const voice = this.all[at]!;
      if (voice.personId === personId) voice.setMouth(x, y, z);
    }
  }

  setListener(x: number, y: number, z: number, forwardX: number, forwardY: number, forwardZ: number): void {
    const nowMs = performance.now();
    if (nowMs - this.followedMs < FOLLOW_EVERY_MS) return;
    this.followedMs = nowMs;
    this.listener.set(x, y, z, forwardX, forwardY, forwardZ);
    for (let at = 0; at < this.all.length; at += 1) this.all[at]!.follow(this.listener);
  }

  level(personId: string, nowMs: number): number {
    let level = 0;
    for (let at = 0; at < this.all.length; at += 1) {
      const voice = this.all[at]!;
      if (voice.personId === personId) level = Math.max(level, voice.level(nowMs));
    }
    return level;
  }

  setVolume(personId: string, volume: number): void {
    for (const voice of this.all) if (voice.personId === personId) voice.setVolume(volume);
  }

  setMaster(volume: number): void {
    this.master.gain.setTargetAtTime(volume, this.context.currentTime, GLIDE_S);
  }

  measure(stream: MediaStream): MeasuredStream {
    const meter = new VoiceMeter(this.context.createAnalyser());
    const source = this.context.createMediaStreamSource(stream);
    source.connect(meter.analyser);
    return { level: (nowMs) => meter.level(nowMs), stop: () => source.disconnect() };
  }

  resume(): void {
    this.context.resume().catch(() => {});
  }

  close(): void {
    for (const voice of this.all) voice.close();
    this.voices.clear();
    this.all = [];
    if (this.context.state !== 'closed') this.context.close().catch(() => {});
  }

  private place(voiceId: string, personId: string, source: AudioNode, element: HTMLAudioElement | null): void {
    this.remove(voiceId);
    this.voices.set(voiceId, new PlacedVoice(personId, source, this.context, this.master, element));
    this.all = [...this.voices.values()];
  }
}

/** Makes what plays voices in this browser: each from its place, or plainly without Web Audio. */
export function createVoiceOutput(): VoiceOutput {
  try {
    return new VoiceMixer();
  } catch {
    return new PlainOutput();
  }
}
