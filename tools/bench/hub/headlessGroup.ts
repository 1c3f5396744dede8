import { fileURLToPath } from 'node:url';
import { ProcessLink } from './processLink';

/** Headless participants of one conference. */
export interface HeadlessShape {
  readonly port: number;
  readonly conference: string;
  /** Number of the first participant, so that several processes can fill one conference. */
  readonly from: number;
  readonly count: number;
  readonly speaks: boolean;
}

/** Voice packets received, summed over receivers since they joined. */
export interface VoiceFigures {
  readonly packets: number;
  readonly lost: number;
  /** Voices that receivers hear now, summed over receivers. */
  readonly streams: number;
}

/** Orders to a process of headless participants. */
export type HeadlessOrder =
  | { readonly do: 'join'; readonly shape: HeadlessShape }
  | { readonly do: 'voices' }
  | { readonly do: 'awaitAll'; readonly others: number; readonly sinceMs: number; readonly timeoutMs: number };

export type HeadlessAnswer =
  | { readonly done: true }
  | { readonly voices: VoiceFigures }
  | { readonly heardMs: readonly number[] };

const MODULE = fileURLToPath(new URL('headlessProcess.ts', import.meta.url));

/** Headless participants of one conference, spread over processes so that decryption does not distort the measurement. */
export class HeadlessGroup {
  private readonly links: readonly ProcessLink<HeadlessOrder, HeadlessAnswer>[];

  constructor(processes: number) {
    this.links = Array.from({ length: processes }, () => ProcessLink.start<HeadlessOrder, HeadlessAnswer>(MODULE, []));
  }

  /** Joins; resolves once all are in the conference. `shape.count` is for all processes together. */
  async join(shape: Omit<HeadlessShape, 'from'>): Promise<void> {
    const each = Math.ceil(shape.count / this.links.length);
    const joining = this.links.map((link, index) => {
      const count = Math.min(each, shape.count - index * each);
      return link.ask({ do: 'join', shape: { ...shape, from: index * each, count } });
    });
    await Promise.all(joining);
  }

  async voices(): Promise<VoiceFigures> {
    const answers = await Promise.all(this.links.map((link) => link.ask({ do: 'voices' })));
    const all = answers.flatMap((answer) => ('voices' in answer ? [answer.voices] : []));
    const sum = (figure: keyof VoiceFigures) => all.reduce((total, one) => total + one[figure], 0);
    return { packets: sum('packets'), lost: sum('lost'), streams: sum('streams') };
  }

  /** For each participant, milliseconds from `sinceMs` (wall clock) until it had heard all the others. */
  async msUntilAllHeard(others: number, sinceMs: number, timeoutMs: number): Promise<readonly number[]> {
    const order = { do: 'awaitAll', others, sinceMs, timeoutMs } as const;
    const answers = await Promise.all(this.links.map((link) => link.ask(order)));
    return answers.flatMap((answer) => ('heardMs' in answer ? [...answer.heardMs] : []));
  }

  async kill(): Promise<void> {
    await Promise.all(this.links.map((link) => link.kill()));
  }
}
