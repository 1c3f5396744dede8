import { readStored, writeStored } from './storage';

const KEY = 'parley.camera';

/** What is remembered about the camera. */
export interface CameraMemory {
  /** Whether one sat down with it last. */
  readonly isWanted: boolean;
  /** '' for the browser's choice. */
  readonly deviceId: string;
  /** How one looks at rest, as the solver wrote it; null before that. Checked by whoever uses it. */
  readonly calibration: unknown;
}

/** Reads what was remembered, whatever a storage holds. */
export function parseCameraMemory(stored: unknown): CameraMemory {
  const { isWanted, deviceId, calibration } = (stored ?? {}) as Record<string, unknown>;
  return {
    isWanted: isWanted === true,
    deviceId: typeof deviceId === 'string' ? deviceId : '',
    calibration: calibration ?? null,
  };
}

export function recallCamera(): CameraMemory {
  return parseCameraMemory(readStored(KEY));
}

/** Changes part of what is remembered. */
export function rememberCamera(part: Partial<CameraMemory>): void {
  writeStored(KEY, { ...recallCamera(), ...part });
}
