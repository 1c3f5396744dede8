import type { CorpusClip } from '../motion/corpusClip';
import type { FiguresAtError } from './atError';
import type { ErrorSummary } from './errorMeter';
import type { RateMeasurement } from './measureRate';
import { type Measured, peersOf, type RateSet, usual, usualName } from './peerSet';

type Say = (line: string) => void;

const fixed = (value: number, digits: number, width: number) => value.toFixed(digits).padStart(width);

function errorText(errors: ErrorSummary | null): string {
  if (errors === null) return 'not poses';
  const { bodyDeg, movingDeg, fingersDeg, allDeg, bodyMm, tipsMm, faceWeight, gazeDeg, bodyMaxDeg } = errors;
  const body = `body ${bodyDeg.toFixed(3)}° (moving bones ${movingDeg.toFixed(3)}°, max ${bodyMaxDeg.toFixed(1)}°)`;
  const places = `${bodyMm.toFixed(2)} mm, fingertips ${tipsMm.toFixed(2)} mm`;
  if (fingersDeg === 0 && faceWeight === 0) return `${body}, ${places}`;
  const rest = `all 52 ${allDeg.toFixed(3)}°, fingers ${fingersDeg.toFixed(3)}°`;
  return `${body}, ${rest}, ${places}, face ${faceWeight.toFixed(4)}, gaze ${gazeDeg.toFixed(2)}°`;
}

/** One line: size, rate and errors of a codec at a setting. */
export function rateLine(name: string, { bytesPerFrame, kbps, wireKbps, errors }: RateMeasurement): string {
  const rate = `${fixed(bytesPerFrame, 1, 7)} B/frame ${fixed(kbps, 2, 8)} kbps, wire ${fixed(wireKbps, 1, 7)} kbps`;
  return `  ${name.padEnd(34)} ${rate}; ${errorText(errors)}`;
}

/** What the corpus is made of and what was grafted onto it. */
export function sayCorpus(clips: readonly CorpusClip[], say: Say): void {
  for (const { name, poses, fps, grafted } of clips) {
    say(
      `${name}: ${poses.length} frames, ${(poses.length / fps).toFixed(1)} s; grafted: ${grafted.join('; ') || 'nothing'}`,
    );
  }
}

function sayLevels({ codec, levels }: Measured, say: Say): void {
  for (const measurement of levels) say(rateLine(`${codec.name} ${measurement.level}`, measurement));
}

/** All levels of ours and of smallest-three, and the usual setting of everybody else. */
export function sayRates(title: string, set: RateSet, say: Say): void {
  say(`${title}, 30 fps, 2 frames a packet, headers and safety keyframes included:`);
  sayLevels(set.ours, say);
  sayLevels(set.smallestThree, say);
  for (const peer of peersOf(set)) if (peer !== set.smallestThree) say(rateLine(usualName(peer), usual(peer)));
}

/** Figures at the error asked for, and where they are not between two levels. */
export function sayAtError(title: string, figures: FiguresAtError, degrees: number, say: Say): void {
  const { kbps, wireKbps, level, errors, isOutside } = figures;
  const place =
    isOutside === null
      ? `between its levels, at ${level.toFixed(2)}`
      : `all levels lie ${isOutside} it: level ${level}`;
  say(
    `${title} at ${degrees} degrees (${place}): ${kbps.toFixed(2)} kbps, wire ${wireKbps.toFixed(1)} kbps; ${errorText(errors)}`,
  );
}
