import {
  BVH_CHANNELS,
  BVH_MAX_FRAMES,
  BVH_MAX_JOINTS,
  BVH_MAX_TEXT_LENGTH,
  type BvhChannel,
  type BvhClip,
  BvhError,
  type BvhJoint,
  type BvhOffset,
} from './bvhClip';

const NEWLINE = 10;
const SPACE = 32;
/** Longest quote of the file in a message. */
const QUOTE_MAX = 40;
/** A number as BVH files write them; `Number` alone would also take hexadecimal, `Infinity` and the empty string. */
const DECIMAL = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/;

/** Reads a text word by word or line by line and keeps track of the line. Linear in the text's length. */
class BvhScanner {
  private at = 0;
  private currentLine = 1;
  private wordLine = 1;

  constructor(private readonly text: string) {
    if (text.charCodeAt(0) === 0xfeff) this.at = 1;
  }

  /** The line of the last word or line. */
  get line(): number {
    return this.wordLine;
  }

  /** The next word, or '' at the end of the text. Braces are words of their own. */
  word(): string {
    this.skipBlanks(true);
    this.wordLine = this.currentLine;
    const start = this.at;
    while (this.at < this.text.length && !this.isBlank() && !this.isBrace()) this.at += 1;
    if (this.at === start && this.at < this.text.length) this.at += 1;
    return this.text.slice(start, this.at);
  }

  /** Reads a word that must be one of `expected` (lower case), in any case, and returns it in lower case. */
  keyword(...expected: string[]): string {
    const word = this.word();
    const lower = word.toLowerCase();
    if (!expected.includes(lower)) throw this.unexpected(expected.map((name) => name.toUpperCase()).join(' or '), word);
    return lower;
  }

  /** Reads a finite number. */
  number(what: string): number {
    const word = this.word();
    const value = Number(word);
    if (!DECIMAL.test(word) || !Number.isFinite(value)) throw this.unexpected(what, word);
    return value;
  }

  /** The rest of the line (up to a brace), trimmed: names may contain spaces. */
  restOfLine(): string {
    const start = this.at;
    while (this.at < this.text.length && this.text.charCodeAt(this.at) !== NEWLINE && !this.isBrace()) this.at += 1;
    return this.text.slice(start, this.at).trim();
  }

  /** Moves to the next line that is not blank; false at the end of the text. */
  nextFilledLine(): boolean {
    this.skipBlanks(true);
    this.wordLine = this.currentLine;
    return this.at < this.text.length;
  }

  /** The next word of this line, or '' at its end. */
  wordOfLine(): string {
    this.skipBlanks(false);
    const start = this.at;
    while (this.at < this.text.length && !this.isBlank()) this.at += 1;
    return this.text.slice(start, this.at);
  }

  /** The error for finding `found` in place of `expected`. */
  unexpected(expected: string, found: string): BvhError {
    const quoted = found === '' ? 'the end of the file' : `"${found.slice(0, QUOTE_MAX)}"`;
    return new BvhError('syntax', this.wordLine, `expected ${expected}, found ${quoted}.`);
  }

  private isBlank(): boolean {
    return this.text.charCodeAt(this.at) <= SPACE;
  }

  private isBrace(): boolean {
    const character = this.text[this.at];
    return character === '{' || character === '}';
  }

  private skipBlanks(acrossLines: boolean): void {
    while (this.at < this.text.length && this.isBlank()) {
      if (this.text.charCodeAt(this.at) === NEWLINE) {
        if (!acrossLines) return;
        this.currentLine += 1;
      }
      this.at += 1;
    }
  }
}

/** Reads a finite decimal number, or NaN. */
function decimalOf(word: string): number {
  const value = DECIMAL.test(word) ? Number(word) : Number.NaN;
  return Number.isFinite(value) ? value : Number.NaN;
}

const CHANNELS_MAX = 6;

function readOffset(scanner: BvhScanner): BvhOffset {
  return [scanner.number('x of an OFFSET'), scanner.number('y of an OFFSET'), scanner.number('z of an OFFSET')];
}

function readChannels(scanner: BvhScanner): BvhChannel[] {
  const count = scanner.number('the number of CHANNELS');
  if (!Number.isInteger(count) || count < 0 || count > CHANNELS_MAX) {
    throw scanner.unexpected(`a number of CHANNELS from 0 to ${CHANNELS_MAX}`, String(count));
  }
  return Array.from({ length: count }, () => {
    const word = scanner.word();
    const channel = BVH_CHANNELS.get(word.toLowerCase());
    if (!channel) throw scanner.unexpected('a channel such as Xrotation', word);
    return channel;
  });
}

function readEndSite(scanner: BvhScanner): BvhOffset {
  scanner.restOfLine();
  scanner.keyword('{');
  scanner.keyword('offset');
  const offset = readOffset(scanner);
  scanner.keyword('}');
  return offset;
}

/** Collects joints while the file is read; `open` holds those whose brace is still open. */
class HierarchyReader {
  readonly joints: BvhJoint[] = [];
  channelCount = 0;
  private readonly open: number[] = [];

  constructor(private readonly scanner: BvhScanner) {}

  read(): void {
    this.scanner.keyword('hierarchy');
    this.scanner.keyword('root');
    this.openJoint();
    while (this.open.length > 0) this.readStatement();
  }

  private openJoint(): void {
    const line = this.scanner.line;
    const name = this.scanner.restOfLine();
    if (name === '') throw new BvhError('syntax', line, 'expected the name of a joint after ROOT or JOINT.');
    if (this.joints.length === BVH_MAX_JOINTS) {
      throw new BvhError('tooLarge', line, `more than ${BVH_MAX_JOINTS} joints; a person has far fewer.`);
    }
    const parent = this.open.at(-1) ?? -1;
    this.open.push(this.joints.length);
    this.joints.push({
      name,
      parent,
      offset: [0, 0, 0],
      channels: [],
      firstChannel: this.channelCount,
      end: null,
      line,
    });
    this.scanner.keyword('{');
  }

  private readStatement(): void {
    const joint = this.joints[this.open.at(-1)!]!;
    const statement = this.scanner.keyword('offset', 'channels', 'joint', 'end', '}');
    if (statement === 'offset') joint.offset = readOffset(this.scanner);
    else if (statement === 'channels') this.addChannels(joint);
    else if (statement === 'joint') this.openJoint();
    else if (statement === 'end') joint.end = readEndSite(this.scanner);
    else this.open.pop();
  }

  private addChannels(joint: BvhJoint): void {
    if (joint.channels.length > 0)
      throw new BvhError('syntax', this.scanner.line, `second CHANNELS of joint "${joint.name}".`);
    joint.firstChannel = this.channelCount;
    joint.channels = readChannels(this.scanner);
    this.channelCount += joint.channels.length;
  }
}

/** Reads the HIERARCHY block up to its last brace. @throws BvhError */
function readHierarchy(scanner: BvhScanner): { joints: BvhJoint[]; channelCount: number } {
  const reader = new HierarchyReader(scanner);
  reader.read();
  return { joints: reader.joints, channelCount: reader.channelCount };
}

const FRAME_TIME_MIN_SECONDS = 1e-4;
const FRAME_TIME_MAX_SECONDS = 10;

/** Reads a line with a label and a number, with or without colon and spaces: `Frames:30`, `Frames : 30`, `frames 30`. */
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
  // A number takes at least two characters, so a false frame count cannot reserve more memory than the file's size allows.
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
 * Reads a BVH file: hierarchy and motion, one frame a line. Accepts either line ending, tabs, any case, and `Frames:` with or
 * without space. @throws BvhError with the line, for anything else and beyond the limits of `bvhClip.ts`.
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
