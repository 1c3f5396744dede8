import type { MessageKey } from '@/app/_i18n/messages';
import type { VoiceSnapshot } from '@/app/_session/voiceContract';
import type { WebcamPhase, WebcamSnapshot } from '@/app/_session/webcamSession';
import type { WebcamErrorReason } from '@/lib/capture/webcamError';
import type { IconName } from '../../icons/Icon';

/** Why there is no camera; null where there is one, or none is wanted. */
export function cameraProblem(phase: WebcamPhase): WebcamErrorReason | null {
  return phase === 'off' || phase === 'starting' || phase === 'live' ? null : phase;
}

/** How the camera's button looks and what it says. */
export interface CameraLook {
  readonly icon: IconName;
  readonly label: MessageKey;
  readonly tone?: 'live' | 'warn';
  readonly hint?: MessageKey;
  readonly busy?: boolean;
}

/** What the button shows of each state of the camera. */
export function cameraLook({ phase, isLost }: Pick<WebcamSnapshot, 'phase' | 'isLost'>): CameraLook {
  if (phase === 'off') return { icon: 'webcamOff', label: 'camera.turnOn' };
  if (phase === 'starting') return { icon: 'webcam', label: 'camera.starting', busy: true };
  if (cameraProblem(phase)) return { icon: 'webcamOff', label: 'camera.turnOn', hint: 'camera.none', tone: 'warn' };
  if (isLost) return { icon: 'webcam', label: 'camera.turnOff', hint: 'camera.lostShort', tone: 'warn' };
  return { icon: 'webcam', label: 'camera.turnOff', tone: 'live' };
}

/** How the microphone's button looks and what it says. */
export interface MicrophoneLook {
  readonly icon: IconName;
  readonly label: MessageKey;
  readonly tone?: 'shut' | 'live' | 'warn';
  readonly hint?: MessageKey;
  readonly busy?: boolean;
}

type Facts = Pick<VoiceSnapshot, 'microphone' | 'isMuted' | 'isTalking'>;

function liveLook({ isMuted, isTalking }: Facts): MicrophoneLook {
  if (isTalking) return { icon: 'microphone', label: 'dock.talking', tone: 'live' };
  if (isMuted) return { icon: 'microphoneOff', label: 'dock.unmute', tone: 'shut', hint: 'dock.holdToTalk' };
  return { icon: 'microphone', label: 'dock.mute', tone: 'live' };
}

/** What the button shows of each state of the microphone. */
export function microphoneLook(facts: Facts): MicrophoneLook {
  switch (facts.microphone) {
    case 'live':
      return liveLook(facts);
    case 'starting':
      return { icon: facts.isMuted ? 'microphoneOff' : 'microphone', label: 'dock.microphoneStarting', busy: true };
    case 'off':
      return { icon: 'microphoneOff', label: 'dock.useMicrophone' };
    case 'denied':
      return { icon: 'microphoneOff', label: 'dock.microphoneDenied', tone: 'warn' };
    case 'missing':
      return { icon: 'microphoneOff', label: 'dock.microphoneMissing', tone: 'warn' };
    case 'busy':
      return { icon: 'microphoneOff', label: 'dock.microphoneBusy', tone: 'warn' };
    case 'failed':
      return { icon: 'microphoneOff', label: 'dock.microphoneFailed', tone: 'warn' };
  }
}
