import type { MeetingRole } from '@/lib/core/meeting';
import { PICTURE_CHOICES, type PictureChoice } from '@/scene/frame/pictureQuality';
import type { CameraMode } from '@/scene/react/sceneContract';
import { readStored, writeStored } from './storage';

const KEY = 'parley.view';

/** The views each role goes through, in the order of the key: a seat has eyes, a watcher has wings. */
export const CAMERAS: Readonly<Record<MeetingRole, readonly CameraMode[]>> = {
  participant: ['orbit', 'speaker', 'overTable', 'firstPerson'],
  spectator: ['orbit', 'speaker', 'overTable', 'free'],
};

/** What is remembered about looking at rooms. */
export interface ViewMemory {
  /** The view last chosen in each role; null where none has been. */
  readonly camera: Readonly<Record<MeetingRole, CameraMode | null>>;
  readonly picture: PictureChoice;
}

function parseCamera(stored: unknown, role: MeetingRole): CameraMode | null {
  return CAMERAS[role].find((known) => known === stored) ?? null;
}

/** Reads what was remembered, whatever a storage holds. */
export function parseViewMemory(stored: unknown): ViewMemory {
  const { camera, picture } = (stored ?? {}) as { camera?: unknown; picture?: unknown };
  const { participant, spectator } = (camera ?? {}) as Record<string, unknown>;
  return {
    camera: {
      participant: parseCamera(participant, 'participant'),
      spectator: parseCamera(spectator, 'spectator'),
    },
    picture: PICTURE_CHOICES.find((known) => known === picture) ?? 'auto',
  };
}

export function recallView(): ViewMemory {
  return parseViewMemory(readStored(KEY));
}

export function rememberCamera(role: MeetingRole, camera: CameraMode): void {
  const memory = recallView();
  writeStored(KEY, { ...memory, camera: { ...memory.camera, [role]: camera } });
}

export function rememberPicture(picture: PictureChoice): void {
  writeStored(KEY, { ...recallView(), picture });
}
