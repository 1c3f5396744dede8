import { BVH_MAX_FRAMES, BVH_MAX_TEXT_LENGTH, type BvhClip } from './bvhClip';
import { BvhError } from './bvhError';
import { readHierarchy } from './bvhHierarchy';
import { BvhScanner, decimalOf } from './bvhScanner';

const FRAME_TIME_MIN_SECONDS = 1e-4;
const FRAME_TIME_MAX_SECONDS = 10;

/** The number after `label` on its line, with or without colon and spaces: `Frames:30`, `Frames : 30`, `frames 30`. */
function readLabelled(scanner: BvhScanner, label: string): number {
  if (!scanner.nextFilledLine()) throw scanner.unexpected(`"${label}:"`, '');
  const line = scanner.restOfLine();
  const words = line.toLowerCase().replaceAll(':', ' : ').split(/\s+/, 8);
  const wanted = label.toLowerCase().split(' ');
  if (!wanted.every((word, index) => words[index] === word)) throw scanner.unexpected(`"${label}:"`, line);
  const rest = words.slice(wanted.length).filter((word) => word !== ':');
  const value = decimalOf(rest[0] ?? '');
  if (rest.length !== 1 || Number.isNaN(value)) throw scanner.unexpected(`one number after "${label}:"`, line);
  return value;
}

function readFrameCount(scanner: BvhScanner): number {
  const count = readLabelled(scanner, 'Frames');
  if (!Number.isInteger(count) || count < 1) {
    throw new BvhError('frames', scanner.line, `expected a whole number of frames, at least 1, found ${count}.`);
  }
  if (count > BVH_MAX_FRAMES) {
    throw new BvhError('tooLarge', scanner.line, `${count} frames; at most ${BVH_MAX_FRAMES} can be played.`);
  }
  return count;
}

function readFrameTime(scanner: BvhScanner): number {
  const seconds = readLabelled(scanner, 'Frame Time');
  if (seconds >= FRAME_TIME_MIN_SECONDS && seconds <= FRAME_TIME_MAX_SECONDS) return seconds;
  const range = `${FRAME_TIME_MIN_SECONDS} to ${FRAME_TIME_MAX_SECONDS}`;
  throw new BvhError('frames', scanner.line, `expected a frame time of ${range} seconds, found ${seconds}.`);
}

function readFrame(scanner: BvhScanner, frame: number, channelCount: number, values: Float32Array): void {
  const start = frame * channelCount;
  for (let channel = 0; channel < channelCount; channel += 1) {
    const word = scanner.wordOfLine();
    const value = decimalOf(word);
    if (word === '') {
      const detail = `frame ${frame + 1} has ${channel} numbers, the skeleton's channels are ${channelCount}.`;
      throw new BvhError('frames', scanner.line, detail);
    }
    if (!Number.isFinite(Math.fround(value))) throw scanner.unexpected(`a number in frame ${frame + 1}`, word);
    values[start + channel] = value;
  }
  const extra = scanner.wordOfLine();
  if (extra !== '') {
    const detail = `frame ${frame + 1} has more numbers than the skeleton's ${channelCount} channels.`;
    throw new BvhError('frames', scanner.line, detail);
  }
}

function readFrames(scanner: BvhScanner, text: string, frameCount: number, channelCount: number): Float32Array {
  // A number takes two characters at least, so a lying frame count can't make us reserve more than the file's size.
  if (frameCount * channelCount > text.length) {
    const detail = `${frameCount} frames of ${channelCount} numbers are declared; the file is too short for them.`;
    throw new BvhError('frames', scanner.line, detail);
  }
  const values = new Float32Array(frameCount * channelCount);
  for (let frame = 0; frame < frameCount; frame += 1) {
    if (!scanner.nextFilledLine()) {
      const detail = `the file ends after ${frame} frames; ${frameCount} are declared.`;
      throw new BvhError('frames', scanner.line, detail);
    }
    readFrame(scanner, frame, channelCount, values);
  }
  if (scanner.nextFilledLine()) {
    throw new BvhError('frames', scanner.line, `more lines than the ${frameCount} frames declared.`);
  }
  return values;
}

/**
 * Reads a BVH file: hierarchy and motion, one frame a line. Takes either line ending, tabs, any case, `Frames:` with or
 * without space. @throws BvhError with the line, for anything else and beyond the caps of `bvhClip.ts`.
 */
export function parseBvh(text: string): BvhClip {
  if (text.length > BVH_MAX_TEXT_LENGTH) {
    const megabytes = BVH_MAX_TEXT_LENGTH / 1024 / 1024;
    throw new BvhError('tooLarge', 1, `the file is larger than ${megabytes} MB.`);
  }
  const scanner = new BvhScanner(text);
  const { joints, channelCount } = readHierarchy(scanner);
  if (channelCount === 0) throw new BvhError('skeleton', scanner.line, 'no joint has CHANNELS, so nothing moves.');
  scanner.keyword('motion');
  const frameCount = readFrameCount(scanner);
  const frameTimeSeconds = readFrameTime(scanner);
  const values = readFrames(scanner, text, frameCount, channelCount);
  return { joints, channelCount, frameCount, frameTimeSeconds, values };
}
