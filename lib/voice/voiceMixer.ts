import { ListenerSpace } from './listenerSpace';
import { PlacedVoice } from './placedVoice';
import { VoiceMeter } from './voiceMeter';
import type { MeasuredStream, VoiceOutput } from './voiceOutput';

/** Places are heard anew this often at most, ms: an ear does not follow more. */
const FOLLOW_EVERY_MS = 50;

/** How slowly the master volume follows, s. */
const GLIDE_S = 0.04;

/**
 * Sixteen voices at once add up to more than full scale: a soft limiter holds them. Nothing happens to one voice alone.
 * https://webaudio.github.io/web-audio-api/#DynamicsCompressorNode
 */
const LIMITER: DynamicsCompressorOptions = { threshold: -8, knee: 8, ratio: 12, attack: 0.003, release: 0.2 };

/**
 * All voices of the others in one AudioContext, each from its place.
 *
 * Echo cancellation: what Web Audio plays is part of what current browsers cancel, so the loopback through a pair of
 * RTCPeerConnections that Chromium once needed (https://github.com/Hubs-Foundation/hubs/pull/2361, crbug 687574) is left
 * out; it costs delay, quality and the direction. Chromium cancels all that the browser plays
 * (https://github.com/w3c/mediacapture-extensions/issues/31), Firefox always did (the pull request above), Safari takes
 * the system's. Output goes to the default device, which is the one they cancel.
 */
export class VoiceMixer implements VoiceOutput {
  private readonly context: AudioContext;
  private readonly master: GainNode;
  private readonly listener = new ListenerSpace();
  private readonly voices = new Map<string, PlacedVoice>();
  /** The same, for loops that allocate nothing. */
  private all: readonly PlacedVoice[] = [];
  private followedMs = Number.NEGATIVE_INFINITY;

  /** @throws where the browser has no Web Audio or no more contexts. */
  constructor() {
    this.context = new AudioContext({ latencyHint: 'interactive' });
    this.master = this.context.createGain();
    const limiter = new DynamicsCompressorNode(this.context, LIMITER);
    this.master.connect(limiter).connect(this.context.destination);
    this.resume();
  }

  get isBlocked(): boolean {
    return this.voices.size > 0 && this.context.state !== 'running';
  }

  add(voiceId: string, personId: string, stream: MediaStream): void {
    this.remove(voiceId);
    this.voices.set(voiceId, new PlacedVoice(personId, stream, this.context, this.master));
    this.all = [...this.voices.values()];
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
}
