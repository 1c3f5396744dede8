/** RMS, in dB of full scale, that shows as level 0: below it is the noise of a quiet room. */
export const SILENT_DB = -58;

/** RMS, in dB of full scale, that shows as level 1: somebody who speaks up close to a microphone. */
export const LOUD_DB = -16;

/** How fast a level follows a louder and a softer voice: time constants, ms. Quick to rise, slow to fall, as eyes like it. */
const RISE_MS = 30;
const FALL_MS = 160;

/** Root mean square of `samples` (-1 .. 1). */
export function rms(samples: Float32Array): number {
  let sum = 0;
  for (let at = 0; at < samples.length; at += 1) sum += samples[at]! * samples[at]!;
  return samples.length === 0 ? 0 : Math.sqrt(sum / samples.length);
}

/** How loud an RMS (0 .. 1) is, 0 to 1, even in dB between `SILENT_DB` and `LOUD_DB`. Nonsense is silence. */
export function loudnessOf(rmsValue: number): number {
  if (!(rmsValue > 0)) return 0;
  const level = (20 * Math.log10(rmsValue) - SILENT_DB) / (LOUD_DB - SILENT_DB);
  return Math.min(1, Math.max(0, level));
}

/** `shown` moved towards `heard` by what `elapsedMs` allows; both 0 to 1. */
export function smoothLevel(shown: number, heard: number, elapsedMs: number): number {
  const constantMs = heard > shown ? RISE_MS : FALL_MS;
  const next = heard + (shown - heard) * Math.exp(-Math.max(0, elapsedMs) / constantMs);
  return next < 1e-4 ? 0 : next;
}
