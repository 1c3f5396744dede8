import { beforeEach, describe, expect, it } from 'vitest';
import { SEGMENT_MS } from '@/lib/recording/format';
import { GrowingRecording } from '@/lib/replay/growingRecording';
import { readTimelineSteps } from '@/lib/replay/openRecording';
import { Replay } from '@/lib/replay/replay';
import { ReplayTime } from '@/lib/replay/replayTime';
import { type MadeRecording, makeRecording } from '@/tests/lib/recording/recordingWorld';
import { ManualScheduler } from '@/tests/support/manualScheduler';
import { settle } from './replayWorld';

/** A site whose recorder is still writing. */
class Site {
  readonly made: MadeRecording = makeRecording();
  readonly scheduler = new ManualScheduler(() => 0, 0);
  asked: string[] = [];
  isAway = false;

  constructor() {
    this.made.writer.appendEvent(0, { kind: 'joined', person: 'ana', name: 'Ana', avatar: 'ada', seat: 0 });
  }

  /** What is said at each second. */
  record(fromS: number, toS: number): void {
    for (let second = fromS; second < toS; second += 1) {
      this.made.writer.appendEvent(second * 1000 + 500, { kind: 'chat', person: 'ana', text: `${second}` });
    }
    this.made.writer.advance(toS * 1000);
  }

  readonly fetchBytes = async (url: string, init?: RequestInit): Promise<Response> => {
    if (this.isAway) throw new TypeError('fetch failed');
    const file = url.split('/').at(-1)!;
    this.asked.push(file);
    if (file === 'index') return new Response(this.made.index() as Uint8Array<ArrayBuffer>);
    const range = new Headers(init?.headers).get('range')!;
    const [, from, to] = /^bytes=(\d+)-(\d+)$/.exec(range)!;
    const bytes = this.made.bytes().slice(Number(from), Number(to) + 1);
    return new Response(bytes as Uint8Array<ArrayBuffer>, { status: 206 });
  };

  open(): Promise<GrowingRecording> {
    return GrowingRecording.open('https://parley.test/b/x/', this.fetchBytes, this.scheduler);
  }

  async pass(ms: number): Promise<void> {
    for (let k = 0; k < 20; k += 1) await settle();
    for (let passed = 0; passed < ms; passed += 500) {
      this.scheduler.runFor(500);
      for (let k = 0; k < 20; k += 1) await settle();
    }
  }
}

describe('a recording that is opened while it is made', () => {
  let site: Site;
  beforeEach(() => {
    site = new Site();
    site.record(0, 5);
  });

  it('grows while it is followed, until it is ended', async () => {
    const recording = await site.open();
    const before = recording.rows.length;
    const stop = recording.follow();
    site.record(5, 9);
    await site.pass(4000);
    expect(recording.rows.length).toBe(before + 4);
    expect(recording.isOver()).toBe(false);
    const last = recording.rows.at(-1)!;
    const bytes = await recording.source.read(last.atByte, last.sizeBytes);
    expect(bytes).toEqual(site.made.segments[recording.rows.length - 1]);
    site.made.writer.end(9300);
    await site.pass(4000);
    expect(recording.isOver()).toBe(true);
    const asked = site.asked.length;
    await site.pass(60_000);
    expect(site.asked.length).toBe(asked);
    stop();
  });

  it('one that was ended is looked at once, and one that is not followed never', async () => {
    site.made.writer.end(6000);
    const recording = await site.open();
    site.asked = [];
    recording.follow();
    await site.pass(30_000);
    expect(recording.isOver()).toBe(true);
    expect(site.asked).toEqual(['segments']);
    const other = new Site();
    other.record(0, 3);
    const still = await other.open();
    still.follow()();
    other.asked = [];
    await other.pass(30_000);
    expect(other.asked.filter((file) => file === 'index')).toEqual([]);
  });

  it('an outage of the network costs nothing, and a recorder that stays away is given up', async () => {
    const recording = await site.open();
    recording.follow();
    site.isAway = true;
    await site.pass(10_000);
    site.record(5, 20);
    site.isAway = false;
    await site.pass(4000);
    expect(recording.rows.length).toBeGreaterThan(15);
    await site.pass(11 * 60_000);
    expect(recording.isOver()).toBe(true);
  });

  it('its replay waits at the end and goes on, and its time line is read on', async () => {
    const recording = await site.open();
    recording.follow();
    const replay = new Replay({ recording, scheduler: site.scheduler });
    const time = new ReplayTime(replay, recording.rows);
    await replay.seek(0);
    const lengthMs = recording.rows.length * SEGMENT_MS;
    expect(time.lengthMs).toBe(lengthMs);
    replay.play();
    const steps = readTimelineSteps(recording);
    const texts = async () => (await steps.next()).value!.timeline.messages.map(({ text }: { text: string }) => text);
    expect((await texts()).at(-1)).toBe('4');
    await site.pass(8000);
    expect(replay.store.getSnapshot()).toMatchObject({ hasEnded: false, isWaiting: true });
    site.record(5, 12);
    await site.pass(5000);
    expect(time.positionMs).toBeGreaterThan(lengthMs);
    expect(await texts()).toContain('10');
    site.made.writer.end(12_200);
    await site.pass(15_000);
    expect(replay.store.getSnapshot().hasEnded).toBe(true);
    await steps.next();
    expect((await steps.next()).done).toBe(true);
    replay.close();
  });
});

describe('the time of a replay', () => {
  it('goes over breaks, forwards and back, and never beyond the ends', () => {
    const sought: number[] = [];
    const replay = { positionMs: 2500, seek: async (ms: number) => void sought.push(ms) };
    const made = makeRecording();
    for (const atMs of [0, 1000, 2000, 60_000, 61_000]) {
      made.writer.appendEvent(atMs, { kind: 'chat', person: 'ana', text: 'x' });
    }
    made.writer.end(61_500);
    const time = new ReplayTime(replay, made.rows);
    expect(made.rows.map(({ number }) => number)).toEqual([0, 1, 2, 60, 61]);
    expect(time.lengthMs).toBe(5000);
    time.seekBy(1000);
    replay.positionMs = 60_250;
    expect(time.positionMs).toBe(3250);
    time.seekBy(-1000);
    time.seekBy(-10_000);
    time.seekBy(10_000);
    expect(sought).toEqual([60_500, 2250, 0, 61_999]);
  });
});
