import { DeviceError, type DeviceErrorReason } from '@/lib/devices/deviceError';
import type { MediaTransport } from '@/lib/transport/media';
import type { MeasuredStream, VoiceOutput } from '@/lib/voice/voiceOutput';
import type { MicrophoneChoice, MicrophoneState } from './voiceContract';

/** Whether one is heard: muted or open, and whether a key is held that opens the microphone meanwhile. */
export interface MicrophoneSwitch {
  readonly isMuted: boolean;
  /** Push-to-talk: the key is down. */
  readonly isHeld: boolean;
}

export type SwitchAction =
  | { readonly type: 'toggle' }
  | { readonly type: 'set'; readonly isMuted: boolean }
  | { readonly type: 'hold' }
  | { readonly type: 'release' };

/** The switch after `action`; the same object where nothing changes. */
export function nextSwitch(before: MicrophoneSwitch, action: SwitchAction): MicrophoneSwitch {
  const after = apply(before, action);
  return after.isMuted === before.isMuted && after.isHeld === before.isHeld ? before : after;
}

function apply({ isMuted, isHeld }: MicrophoneSwitch, action: SwitchAction): MicrophoneSwitch {
  switch (action.type) {
    case 'toggle':
      // What one hears oneself being while the key is down is what is turned: open becomes muted, and the key lets go.
      return isHeld && isMuted ? { isMuted: true, isHeld: false } : { isMuted: !isMuted, isHeld: false };
    case 'set':
      return { isMuted: action.isMuted, isHeld: false };
    case 'hold':
      // An open microphone has nothing to open, and must not close when the key goes up.
      return { isMuted, isHeld: isMuted };
    case 'release':
      return { isMuted, isHeld: false };
  }
}

/** Whether others hear the microphone. */
export function isOpen({ isMuted, isHeld }: MicrophoneSwitch): boolean {
  return !isMuted || isHeld;
}

/** What React draws of one's own microphone. */
export interface OwnMicrophoneView {
  readonly microphone: MicrophoneState;
  readonly deviceId: string;
  readonly isMuted: boolean;
  readonly isTalking: boolean;
}

const STATE_OF: Readonly<Record<DeviceErrorReason, MicrophoneState>> = {
  denied: 'denied',
  // The question was closed without an answer: nothing is wrong, and one may be asked again.
  dismissed: 'off',
  missing: 'missing',
  busy: 'busy',
  unsupported: 'failed',
  failed: 'failed',
};

/** One's own microphone over one transport after another: which one, whether it is sent, and whether others hear it. */
export class OwnMicrophone {
  private media: MediaTransport | null = null;
  private state: MicrophoneState = 'off';
  private deviceId = '';
  private wanted = false;
  private switch: MicrophoneSwitch = { isMuted: false, isHeld: false };
  private measured: MeasuredStream | null = null;
  /** Counts what was asked for, so that an answer that comes late changes nothing. */
  private attempt = 0;

  constructor(
    private readonly output: () => VoiceOutput,
    private readonly onChange: (view: OwnMicrophoneView) => void,
  ) {}

  get isLive(): boolean {
    return this.state === 'live';
  }

  /** Whether one is sent or on its way. */
  get isWanted(): boolean {
    return this.state === 'live' || this.state === 'starting';
  }

  get choice(): MicrophoneChoice {
    return this.wanted ? { deviceId: this.deviceId, muted: this.switch.isMuted } : null;
  }

  get view(): OwnMicrophoneView {
    const { isMuted, isHeld } = this.switch;
    return { microphone: this.state, deviceId: this.deviceId, isMuted, isTalking: isMuted && isHeld };
  }

  /** What is wanted once there is a transport. */
  want(choice: MicrophoneChoice): void {
    this.wanted = choice !== null;
    this.deviceId = choice?.deviceId ?? this.deviceId;
    this.act({ type: 'set', isMuted: choice?.muted ?? false });
    this.enter(choice ? 'starting' : 'off');
  }

  /** Sends over `media` from now on what is wanted. */
  async attach(media: MediaTransport): Promise<void> {
    this.media = media;
    media.setMuted(!isOpen(this.switch));
    if (this.wanted) await this.take(this.deviceId);
  }

  /** The transport has gone; the next one takes the microphone again. */
  detach(): void {
    this.attempt += 1;
    this.media = null;
    this.stopMeasuring();
    if (this.state === 'live') this.enter('starting');
  }

  async take(deviceId: string): Promise<void> {
    this.wanted = true;
    this.deviceId = deviceId;
    this.enter('starting');
    const { media } = this;
    if (!media) return;
    this.attempt += 1;
    const attempt = this.attempt;
    try {
      const stream = await media.setMicrophone(deviceId);
      if (attempt === this.attempt) this.onTaken(stream);
    } catch (error) {
      if (attempt === this.attempt) this.onRefused(media, error);
    }
  }

  /** The microphone has ended by itself. */
  onEnded(): void {
    this.attempt += 1;
    this.wanted = false;
    this.stopMeasuring();
    this.enter('missing');
  }

  act(action: SwitchAction): void {
    const before = this.switch;
    this.switch = nextSwitch(before, action);
    if (this.switch === before) return;
    this.media?.setMuted(!isOpen(this.switch));
    this.onChange(this.view);
  }

  level(nowMs: number): number {
    return isOpen(this.switch) ? (this.measured?.level(nowMs) ?? 0) : 0;
  }

  private onTaken(stream: MediaStream | null): void {
    this.stopMeasuring();
    if (stream) this.measured = this.output().measure(stream);
    // A page that may use the microphone may play sound too: browsers that refused before let it now.
    this.output().resume();
    this.deviceId = stream?.getAudioTracks()[0]?.getSettings().deviceId ?? this.deviceId;
    this.enter(stream ? 'live' : 'off');
  }

  private onRefused(media: MediaTransport, error: unknown): void {
    this.wanted = false;
    this.stopMeasuring();
    this.enter(error instanceof DeviceError ? STATE_OF[error.reason] : 'failed');
    // Whatever was sent before must not go on behind a button that says otherwise.
    media.setMicrophone(null).catch(() => {});
  }

  private stopMeasuring(): void {
    this.measured?.stop();
    this.measured = null;
  }

  private enter(state: MicrophoneState): void {
    this.state = state;
    this.onChange(this.view);
  }
}
