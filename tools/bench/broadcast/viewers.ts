import { Agent, type IncomingMessage, request } from 'node:http';
import type { LiveState } from '@/lib/core/recording';
import { SEGMENT_MS } from '@/lib/recording/format';
import { LiveSchedule, lookPauseMs } from '@/lib/replay/live/liveSchedule';

const RETRY_MS = 1000;

/** What a cache writes into the answer when it has asked the origin. */
const FROM_CACHE = new Set(['HIT', 'STALE', 'UPDATING']);

/** Figures of many viewers since they were last taken. */
export interface ViewerFigures {
  /** How far behind its beginning each segment was in a viewer's hands, ms: its own second counts. */
  readonly behindMs: readonly number[];
  /** Segments that were there, each once. */
  readonly segments: number;
  /** Requests for segments that the cache passed on, early and late ones. */
  readonly passedOn: number;
  /** Requests for `live.json` that the cache passed on. */
  readonly looksPassedOn: number;
  /** Segments that were asked for before they were there. */
  readonly early: number;
  readonly failures: number;
  readonly bytes: number;
}

interface Answer {
  readonly status: number;
  readonly body: Buffer;
  readonly isPassedOn: boolean;
}

function bodyOf(response: IncomingMessage): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    response.on('data', (chunk: Buffer) => chunks.push(chunk));
    response.on('end', () => resolve(Buffer.concat(chunks)));
    response.on('error', reject);
  });
}

/** One who watches: a connection that stays, and a schedule. */
class Viewer {
  private readonly agent = new Agent({ keepAlive: true, maxSockets: 1 });
  private readonly schedule = new LiveSchedule();
  private startedAtMs = 0;
  private next = 0;
  private looks = 0;
  private lookAtMs = 0;
  private isOver = false;

  constructor(
    private readonly filesUrl: string,
    private readonly audience: Audience,
  ) {}

  async run(): Promise<void> {
    while (!this.isOver) {
      try {
        if (performance.now() >= this.lookAtMs) await this.look();
        await this.watchNext();
      } catch {
        if (!this.isOver) this.audience.noteFailure();
        await sleep(RETRY_MS);
      }
    }
  }

  stop(): void {
    this.isOver = true;
    this.agent.destroy();
  }

  private async look(): Promise<void> {
    const { body, isPassedOn } = await this.get('live.json');
    const state = JSON.parse(body.toString()) as LiveState;
    this.schedule.note(state, performance.now());
    this.startedAtMs = state.startedAtMs;
    this.lookAtMs = performance.now() + lookPauseMs(this.looks);
    this.looks += 1;
    this.audience.noteLook(isPassedOn, body.length);
    this.next ||= (state.newest ?? 0) + 1;
  }

  private async watchNext(): Promise<void> {
    const askAtMs = this.schedule.askAtMs(this.next);
    // A look in between may bring it forward.
    await sleep(Math.min(askAtMs, this.lookAtMs) - performance.now());
    if (this.isOver || performance.now() < askAtMs) return;
    const { status, body, isPassedOn } = await this.get(`${String(this.next).padStart(6, '0')}.bin`);
    const behindMs = Date.now() - this.startedAtMs - this.next * SEGMENT_MS;
    this.audience.noteSegment(this.next, status === 200, isPassedOn, body.length, behindMs);
    if (status === 200) this.next += 1;
    else await this.look();
  }

  private get(file: string): Promise<Answer> {
    return new Promise((resolve, reject) => {
      const asking = request(`${this.filesUrl}${file}`, { agent: this.agent }, (response) => {
        const isPassedOn = !FROM_CACHE.has(String(response.headers['x-cache']));
        const { statusCode: status = 0 } = response;
        bodyOf(response).then((body) => resolve({ status, body, isPassedOn }), reject);
      });
      asking.on('error', reject);
      asking.end();
    });
  }
}

const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, Math.max(0, ms)));

/** Many viewers in one process. */
export class Audience {
  private readonly viewers: Viewer[];
  private behindMs: number[] = [];
  private segments = new Set<number>();
  private passedOn = 0;
  private looksPassedOn = 0;
  private early = 0;
  private failures = 0;
  private bytes = 0;

  constructor(
    filesUrl: string,
    private readonly count: number,
  ) {
    this.viewers = Array.from({ length: count }, () => new Viewer(filesUrl, this));
  }

  /** Lets them come, over `spreadMs`. */
  async start(spreadMs: number): Promise<void> {
    for (const [index, viewer] of this.viewers.entries()) {
      setTimeout(() => void viewer.run(), (index * spreadMs) / this.count);
    }
    await sleep(spreadMs);
  }

  /** The figures since the last call. */
  take(): ViewerFigures {
    const { behindMs, passedOn, looksPassedOn, early, failures, bytes } = this;
    const segments = this.segments.size;
    this.behindMs = [];
    this.segments = new Set();
    this.passedOn = this.looksPassedOn = this.early = this.failures = this.bytes = 0;
    return { behindMs, segments, passedOn, looksPassedOn, early, failures, bytes };
  }

  stop(): void {
    for (const viewer of this.viewers) viewer.stop();
  }

  noteSegment(number: number, isThere: boolean, isPassedOn: boolean, sizeBytes: number, behindMs: number): void {
    this.bytes += sizeBytes;
    if (isPassedOn) this.passedOn += 1;
    if (!isThere) this.early += 1;
    else {
      this.segments.add(number);
      this.behindMs.push(behindMs);
    }
  }

  noteLook(isPassedOn: boolean, sizeBytes: number): void {
    this.bytes += sizeBytes;
    if (isPassedOn) this.looksPassedOn += 1;
  }

  noteFailure(): void {
    this.failures += 1;
  }
}
