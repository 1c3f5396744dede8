import type { MessageKey } from '@/app/_i18n/messages';
import type { VoiceSnapshot } from '@/app/_session/voiceContract';
import type { WebcamPhase, WebcamSnapshot } from '@/app/_session/webcamSession';
import type { WebcamErrorReason } from '@/lib/capture/webcamError';
import type { IconName } from '../../icons/Icon';

/** Why the webcam does not work; null if it does, or none is wanted. */
export function webcamProblem(phase: WebcamPhase): WebcamErrorReason | null {
  return phase === 'off' || phase === 'starting' || phase === 'live' ? null : phase;
}

/** How the button of a device looks and what it says. */
interface DeviceLook {
  readonly icon: IconName;
  readonly label: MessageKey;
  readonly tone?: 'shut' | 'live' | 'warn';
  readonly hint?: MessageKey;
  readonly busy?: boolean;
}

/** The webcam button in each state of the webcam. */
export function webcamLook({ phase, isLost }: Pick<WebcamSnapshot, 'phase' | 'isLost'>): DeviceLook {
  if (phase === 'off') return { icon: 'webcamOff', label: 'webcam.turnOn' };
  if (phase === 'starting') return { icon: 'webcam', label: 'webcam.starting', busy: true };
  if (webcamProblem(phase))
    return { icon: 'webcamOff', label: 'webcam.turnOn', hint: 'webcam.unavailable', tone: 'warn' };
  if (isLost) return { icon: 'webcam', label: 'webcam.turnOff', hint: 'webcam.lostShort', tone: 'warn' };
  return { icon: 'webcam', label: 'webcam.turnOff', tone: 'live' };
}

type Facts = Pick<VoiceSnapshot, 'microphone' | 'isMuted' | 'isTalking' | 'media'>;

function liveLook({ isMuted, isTalking, media }: Facts): DeviceLook {
  if (media === 'blocked') {
    const icon = isMuted && !isTalking ? 'microphoneOff' : 'microphone';
    return { icon, label: isMuted ? 'dock.unmute' : 'dock.mute', tone: 'warn', hint: 'dock.voicesBlocked' };
  }
  if (isTalking) return { icon: 'microphone', label: 'dock.talking', tone: 'live' };
  if (isMuted) return { icon: 'microphoneOff', label: 'dock.unmute', tone: 'shut', hint: 'dock.holdToTalk' };
  return { icon: 'microphone', label: 'dock.mute', tone: 'live' };
}

/** The microphone button in each state of the microphone. */
export function microphoneLook(facts: Facts): DeviceLook {
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
