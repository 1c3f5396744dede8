import type { MessageKey } from '@/app/_i18n/messages';
import type { WebcamSnapshot } from '@/app/_session/webcamContract';
import type { IconName } from '../icons/iconShapes';
import { cameraProblem } from './cameraProblem';

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
