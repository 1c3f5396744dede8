import { readStored, writeStored } from './storage';

const KEY = 'parley.camera';

/** What is remembered about the camera. */
export interface WebcamMemory {
  /** Whether one sat down with it last. */
  readonly isWanted: boolean;
  /** '' for the browser's choice. */
  readonly deviceId: string;
  /** How one looks at rest, as the solver wrote it; null before that. Checked by whoever uses it. */
  readonly calibration: unknown;
}

/** Reads what was remembered, whatever a storage holds. */
export function parseWebcamMemory(stored: unknown): WebcamMemory {
  const { isWanted, deviceId, calibration } = (stored ?? {}) as Record<string, unknown>;
  return {
    isWanted: isWanted === true,
    deviceId: typeof deviceId === 'string' ? deviceId : '',
    calibration: calibration ?? null,
  };
}

export function recallWebcam(): WebcamMemory {
  return parseWebcamMemory(readStored(KEY));
}

/** Changes part of what is remembered. */
export function rememberWebcam(part: Partial<WebcamMemory>): void {
  writeStored(KEY, { ...recallWebcam(), ...part });
}
