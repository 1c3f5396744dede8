import { BVH_CHANNELS, BVH_MAX_JOINTS, type BvhChannel, type BvhJoint, type BvhOffset } from './bvhClip';
import { BvhError } from './bvhError';
import type { BvhScanner } from './bvhScanner';

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

/** Grows the list of joints while the file is read; `open` are the joints whose brace is still open. */
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
export function readHierarchy(scanner: BvhScanner): { joints: BvhJoint[]; channelCount: number } {
  const reader = new HierarchyReader(scanner);
  reader.read();
  return { joints: reader.joints, channelCount: reader.channelCount };
}
