import { SnapshotStore } from '@/lib/core/snapshotStore';
import { DeviceError, type DeviceErrorReason } from '@/lib/devices/deviceError';
import { type Device, pageDevices, stopStream } from '@/lib/devices/deviceManager';
import { VoiceMeter } from './voiceMeter';
import { VoiceSample } from './voiceSample';

/** Where the test of a microphone stands: not begun, the browser is asking, open, or why it could not be had. */
export type MicrophoneTestPhase = 'off' | 'asking' | 'open' | DeviceErrorReason;

export interface MicrophoneTestState {
  readonly phase: MicrophoneTestPhase;
  /** The microphone that is open, or was wanted; '' for the browser's choice. */
  readonly deviceId: string;
  readonly devices: readonly Device[];
  /** Hearing oneself: nothing, recording, or playing what was recorded. */
  readonly sample: 'none' | 'recording' | 'playing';
}

/** A microphone before the meeting: chosen, seen by its level, heard by oneself. Sends nothing. */
export class MicrophoneTest {
  private readonly store: SnapshotStore<MicrophoneTestState>;
  private stream: MediaStream | null = null;
  private context: AudioContext | null = null;
  private meter: VoiceMeter | null = null;
  private sample: VoiceSample | null = null;
  private stopWatching: (() => void) | null = null;
  /** Counts what was asked for, so that an answer that comes late is let go. */
  private attempt = 0;

  readonly subscribe: (listener: () => void) => () => void;
  readonly getSnapshot: () => MicrophoneTestState;

  constructor(deviceId: string) {
    this.store = new SnapshotStore<MicrophoneTestState>({ phase: 'off', deviceId, devices: [], sample: 'none' });
    this.subscribe = this.store.subscribe;
    this.getSnapshot = this.store.getSnapshot;
  }

  /** Opens the microphone only where that asks the person nothing. */
  async openIfAllowed(): Promise<void> {
    const { attempt } = this;
    const permission = await pageDevices.permission('microphone');
    if (permission === 'granted' && attempt === this.attempt) await this.open(this.getSnapshot().deviceId);
  }

  /** Opens the microphone `deviceId` ('' for the browser's choice) in place of the one before. Never rejects. */
  async open(deviceId: string): Promise<void> {
    this.close();
    const attempt = this.attempt;
    this.store.change({ phase: 'asking', deviceId });
    try {
      const stream = await pageDevices.open('microphone', deviceId);
      if (attempt === this.attempt) await this.take(stream);
      else stopStream(stream);
    } catch (error) {
      const phase = error instanceof DeviceError ? error.reason : 'failed';
      if (attempt === this.attempt) this.store.change({ phase });
    }
  }

  /** How loud the microphone is now, 0 to 1, smoothed for the eye. */
  level(nowMs: number): number {
    return this.meter?.level(nowMs) ?? 0;
  }

  /** Records a few seconds and plays them back; a second call ends it. */
  async hearYourself(): Promise<void> {
    if (!this.stream) return;
    if (this.sample) return this.endSample();
    const sample = new VoiceSample(this.stream);
    this.sample = sample;
    this.store.change({ sample: 'recording' });
    await sample.record();
    if (this.sample !== sample) return;
    this.store.change({ sample: 'playing' });
    await sample.play();
    if (this.sample === sample) this.endSample();
  }

  /** Lets the microphone go. It can be opened again. */
  close(): void {
    this.attempt += 1;
    this.endSample();
    this.stopWatching?.();
    this.stopWatching = null;
    if (this.stream) stopStream(this.stream);
    this.stream = null;
    this.meter = null;
    this.context?.close().catch(() => {});
    this.context = null;
    this.store.change({ phase: 'off' });
  }

  private async take(stream: MediaStream): Promise<void> {
    this.stream = stream;
    const track = stream.getAudioTracks()[0];
    track?.addEventListener('ended', () => this.onEnded(stream));
    this.startMeter(stream);
    this.stopWatching = pageDevices.watch(() => void this.readDevices());
    this.store.change({ phase: 'open', deviceId: track?.getSettings().deviceId ?? '' });
    await this.readDevices();
  }

  /** Without Web Audio there is no meter, but still a microphone. */
  private startMeter(stream: MediaStream): void {
    try {
      this.context = new AudioContext();
      this.meter = new VoiceMeter(this.context.createAnalyser());
      this.context.createMediaStreamSource(stream).connect(this.meter.analyser);
    } catch {
      this.meter = null;
    }
  }

  private onEnded(stream: MediaStream): void {
    if (this.stream !== stream) return;
    this.close();
    this.store.change({ phase: 'missing' });
  }

  private async readDevices(): Promise<void> {
    const devices = await pageDevices.list('microphone');
    if (this.stream) this.store.change({ devices });
  }

  private endSample(): void {
    this.sample?.stop();
    this.sample = null;
    this.store.change({ sample: 'none' });
  }
}
