import { DeviceError, type DeviceErrorReason } from '@/lib/devices/deviceError';
import type { MediaTransport } from '@/lib/transport/media';
import type { MeasuredStream, VoiceOutput } from '@/lib/voice/voiceOutput';
import type { MicrophoneChoice, MicrophoneState } from './voiceContract';

/** Whether the local participant is muted, and whether a held key opens the microphone anyway. */
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

/** The switch after `action`; the same object if nothing changes. */
export function nextSwitch(before: MicrophoneSwitch, action: SwitchAction): MicrophoneSwitch {
  const after = apply(before, action);
  return after.isMuted === before.isMuted && after.isHeld === before.isHeld ? before : after;
}

function apply({ isMuted, isHeld }: MicrophoneSwitch, action: SwitchAction): MicrophoneSwitch {
  switch (action.type) {
    case 'toggle':
      // What counts is whether others hear the microphone: if the key holds it open, it is muted and the key lets go.
      return isHeld && isMuted ? { isMuted: true, isHeld: false } : { isMuted: !isMuted, isHeld: false };
    case 'set':
      return { isMuted: action.isMuted, isHeld: false };
    case 'hold':
      // An open microphone need not be opened, and must not close when the key goes up.
      return { isMuted, isHeld: isMuted };
    case 'release':
      return { isMuted, isHeld: false };
  }
}

/** Whether others hear the microphone. */
export function isOpen({ isMuted, isHeld }: MicrophoneSwitch): boolean {
  return !isMuted || isHeld;
}

/** What React renders of the local microphone. */
export interface OwnMicrophoneView {
  readonly microphone: MicrophoneState;
  readonly deviceId: string;
  readonly isMuted: boolean;
  readonly isTalking: boolean;
}

const STATE_OF: Readonly<Record<DeviceErrorReason, MicrophoneState>> = {
  denied: 'denied',
  // The browser's question was closed without an answer: nothing is wrong, and it may be asked again.
  dismissed: 'off',
  missing: 'missing',
  busy: 'busy',
  unsupported: 'failed',
  failed: 'failed',
};

/** The local microphone over one transport after another: which one, whether it is sent, and whether others hear it. */
export class OwnMicrophone {
  private media: MediaTransport | null = null;
  private state: MicrophoneState = 'off';
  private deviceId = '';
  private wanted = false;
  private switch: MicrophoneSwitch = { isMuted: false, isHeld: false };
  private measured: MeasuredStream | null = null;
  /** Counts the requests, so that a late answer to an earlier one changes nothing. */
  private attempt = 0;

  constructor(
    private readonly output: () => VoiceOutput,
    private readonly onChange: (view: OwnMicrophoneView) => void,
  ) {}

  get isLive(): boolean {
    return this.state === 'live';
  }

  /** Whether a microphone is sent or being opened. */
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

  /** Sets what to send once there is a transport. */
  want(choice: MicrophoneChoice): void {
    this.wanted = choice !== null;
    this.deviceId = choice?.deviceId ?? this.deviceId;
    this.act({ type: 'set', isMuted: choice?.muted ?? false });
    this.enter(choice ? 'starting' : 'off');
  }

  /** Sends the wanted microphone over `media` from now on. */
  async attach(media: MediaTransport): Promise<void> {
    this.media = media;
    media.setMuted(!isOpen(this.switch));
    if (this.wanted) await this.take(this.deviceId);
  }

  /** Leaves the transport; the next one takes the microphone again. */
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

  /** To be called when the microphone ended by itself. */
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
    // Browsers let a page that may use the microphone play sound too, even if they refused before.
    this.output().resume();
    this.deviceId = stream?.getAudioTracks()[0]?.getSettings().deviceId ?? this.deviceId;
    this.enter(stream ? 'live' : 'off');
  }

  private onRefused(media: MediaTransport, error: unknown): void {
    this.wanted = false;
    this.stopMeasuring();
    this.enter(error instanceof DeviceError ? STATE_OF[error.reason] : 'failed');
    // The previous microphone must not go on behind a button that says otherwise.
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
