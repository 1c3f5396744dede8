import { Scope } from '@/lib/core/scope';
import { SnapshotStore } from '@/lib/core/snapshotStore';
import { DeviceError, type DeviceErrorReason } from '@/lib/devices/deviceError';
import { type Device, type DeviceManager, pageDevices, stopStream } from '@/lib/devices/deviceManager';
import { VoiceMeter } from './voiceMeter';

/** Length of the sample, ms: a sentence. */
const LENGTH_MS = 3000;

/** A few seconds of a stream, recorded and played back once. */
class VoiceSample {
  private recorder: MediaRecorder | null = null;
  private player: HTMLAudioElement | null = null;
  private url = '';
  private isOver = false;

  constructor(private readonly stream: MediaStream) {}

  /** Records; resolves after `LENGTH_MS`, at `stop`, or at once if the browser cannot record. */
  record(): Promise<void> {
    return new Promise((resolve) => {
      try {
        const recorder = new MediaRecorder(this.stream);
        this.recorder = recorder;
        const pieces: Blob[] = [];
        recorder.ondataavailable = ({ data }) => pieces.push(data);
        recorder.onstop = () => {
          if (!this.isOver) this.url = URL.createObjectURL(new Blob(pieces, { type: recorder.mimeType }));
          resolve();
        };
        recorder.onerror = () => resolve();
        recorder.start();
        setTimeout(() => this.stopRecorder(), LENGTH_MS);
      } catch {
        resolve();
      }
    });
  }

  /** Plays the recording; resolves at its end, at `stop`, or at once if it cannot be played. */
  play(): Promise<void> {
    if (this.url === '') return Promise.resolve();
    return new Promise((resolve) => {
      const player = new Audio(this.url);
      this.player = player;
      for (const name of ['ended', 'pause', 'error'] as const) player.addEventListener(name, () => resolve());
      player.play().catch(() => resolve());
    });
  }

  /** Stops recording or playing and frees the recording. */
  stop(): void {
    this.isOver = true;
    this.stopRecorder();
    this.player?.pause();
    if (this.url !== '') URL.revokeObjectURL(this.url);
    this.url = '';
  }

  private stopRecorder(): void {
    if (this.recorder?.state === 'recording') this.recorder.stop();
  }
}

/** State of a microphone test: not started, the browser is asking, open, or why there is no microphone. */
type MicrophoneTestPhase = 'off' | 'asking' | 'open' | DeviceErrorReason;

export interface MicrophoneTestState {
  readonly phase: MicrophoneTestPhase;
  /** The microphone that is open or was asked for; '' for the browser's choice. */
  readonly deviceId: string;
  readonly devices: readonly Device[];
  /** Whether the user's own voice is being recorded or played back. */
  readonly sample: 'none' | 'recording' | 'playing';
}

/** Tests a microphone before a meeting: shows its level and plays back a sample. Sends nothing. */
export class MicrophoneTest {
  private readonly store: SnapshotStore<MicrophoneTestState>;
  private stream: MediaStream | null = null;
  private meter: VoiceMeter | null = null;
  private sample: VoiceSample | null = null;
  /** What ends with the microphone that is open. */
  private scope = new Scope();
  /** Counts the requests, so that a late answer to an earlier one is dropped. */
  private attempt = 0;

  readonly subscribe: (listener: () => void) => () => void;
  readonly getSnapshot: () => MicrophoneTestState;

  constructor(
    deviceId: string,
    private readonly devices: Pick<DeviceManager, 'list' | 'watch' | 'permission' | 'open'> = pageDevices,
  ) {
    this.store = new SnapshotStore<MicrophoneTestState>({ phase: 'off', deviceId, devices: [], sample: 'none' });
    this.subscribe = this.store.subscribe;
    this.getSnapshot = this.store.getSnapshot;
  }

  /** Opens the microphone only if the browser need not ask the user. */
  async openIfAllowed(): Promise<void> {
    const { attempt } = this;
    const permission = await this.devices.permission('microphone');
    if (permission === 'granted' && attempt === this.attempt) await this.open(this.getSnapshot().deviceId);
  }

  /** Opens the microphone `deviceId` ('' for the browser's choice) in place of the previous one. Never rejects. */
  async open(deviceId: string): Promise<void> {
    this.close();
    const attempt = this.attempt;
    this.store.change({ phase: 'asking', deviceId });
    try {
      const stream = await this.devices.open('microphone', deviceId);
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

  /** Records a few seconds and plays them back; a second call stops that. */
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

  /** Releases the microphone. It can be opened again. */
  close(): void {
    this.attempt += 1;
    this.endSample();
    this.scope.close();
    this.scope = new Scope();
    this.stream = null;
    this.meter = null;
    this.store.change({ phase: 'off' });
  }

  private async take(stream: MediaStream): Promise<void> {
    this.stream = stream;
    const track = stream.getAudioTracks()[0];
    track?.addEventListener('ended', () => this.onEnded(stream));
    this.startMeter(stream);
    this.scope.add(
      () => stopStream(stream),
      this.devices.watch(() => void this.readDevices()),
    );
    this.store.change({ phase: 'open', deviceId: track?.getSettings().deviceId ?? '' });
    await this.readDevices();
  }

  /** Without Web Audio there is a microphone but no meter. */
  private startMeter(stream: MediaStream): void {
    try {
      const context = new AudioContext();
      this.scope.add(() => void context.close().catch(() => {}));
      this.meter = new VoiceMeter(context.createAnalyser());
      context.createMediaStreamSource(stream).connect(this.meter.analyser);
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
    const devices = await this.devices.list('microphone');
    if (this.stream) this.store.change({ devices });
  }

  private endSample(): void {
    this.sample?.stop();
    this.sample = null;
    this.store.change({ sample: 'none' });
  }
}
