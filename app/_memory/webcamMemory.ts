import { readStored, writeStored } from './storage';

const KEY = 'parley.camera';

/** What is remembered about the webcam. */
export interface WebcamMemory {
  /** Whether it was used when joining last. */
  readonly isWanted: boolean;
  /** '' for the browser's choice. */
  readonly deviceId: string;
  /** The solver's calibration; null before the first one. Checked where it is used. */
  readonly calibration: unknown;
}

/** Reads what was remembered, whatever the storage holds. */
function parseWebcamMemory(stored: unknown): WebcamMemory {
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
