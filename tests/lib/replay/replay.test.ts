import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { createPose } from '@/lib/pose/pose';
import { Replay } from '@/lib/replay/replay';
import { makeRecording } from '@/tests/lib/recording/recordingWorld';
import { ManualScheduler } from '@/tests/support/manualScheduler';
import { drawnOf, FRAME_MS, opened, type ReceivedMeeting, ReplayWorld, receiveMeeting, settle } from './replayWorld';

const DURATION_MS = 12_000;

describe('a replay', () => {
  let meeting: ReceivedMeeting;

  beforeAll(async () => {
    meeting = await receiveMeeting({ durationMs: DURATION_MS, leave: ['cy'] });
  });

  async function started(): Promise<ReplayWorld> {
    const world = new ReplayWorld(opened(meeting.made));
    await world.replay.seek(0);
    return world;
  }

  it('decodes the bits that the live receiver decoded, of everybody', async () => {
    const world = await started();
    world.replay.play();
    await world.run(DURATION_MS + 500);
    const live = meeting.codec.streams;
    expect(live).toHaveLength(3);
    expect(live[0]!.length).toBeGreaterThan(100);
    expect(world.codec.streams).toEqual(live);
  });

  it('draws the bits that the live receiver drew, frame by frame', async () => {
    const { replay, ...world } = await started();
    replay.play();
    const drawn = new Map(['ana', 'ben'].map((person) => [person, [] as string[]]));
    for (let timeMs = 0; timeMs < DURATION_MS; timeMs += FRAME_MS) {
      for (const [person, frames] of drawn) frames.push(drawnOf(replay, person, timeMs));
      world.scheduler.runFor(FRAME_MS);
      await settle();
    }
    for (const [person, frames] of drawn) {
      const live = meeting.drawn.get(person)!;
      const differing = frames.filter((frame, k) => frame !== live[k]);
      expect(differing).toHaveLength(0);
      expect(new Set(frames).size).toBeGreaterThan(300);
    }
  });

  it('a leap decodes the same bits as playing up to there, from a keyframe on', async () => {
    const played = await started();
    played.replay.play();
    await played.run(DURATION_MS);
    const known = new Set(played.codec.streams.flat().map(({ timeMs, bits }) => `${timeMs} ${bits}`));
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 200, max: DURATION_MS - 1 }), async (toMs) => {
        const world = await started();
        world.codec.decoded.length = 0;
        await world.replay.seek(toMs);
        const frames = world.codec.streams.flat();
        expect(frames.length).toBeGreaterThan(0);
        for (const { timeMs, bits } of frames) expect(known.has(`${timeMs} ${bits}`)).toBe(true);
        world.replay.close();
      }),
      { numRuns: 15 },
    );
  });

  it('shows a person of the moment right after a leap, back and forth', async () => {
    const { replay } = await started();
    const pose = createPose();
    for (const toMs of [9000, 2500, 11_000, 300, 7000]) {
      await replay.seek(toMs);
      expect(replay.positionMs).toBe(toMs);
      expect(replay.sample('ana', toMs, pose)).toBe('live');
      expect(replay.delayMsOf('ana')).toBeGreaterThan(0);
    }
  });

  it('stands still while paused, and does not count as away', async () => {
    const { replay, ...world } = await started();
    await replay.seek(4000);
    const before = drawnOf(replay, 'ana', 0);
    world.scheduler.runFor(60_000);
    await settle();
    expect(replay.positionMs).toBe(4000);
    expect(drawnOf(replay, 'ana', 1)).toBe(before);
    expect(before).toMatch(/^live /);
  });

  it.each([0.5, 1, 2])('runs at %s times the speed', async (rate) => {
    const world = await started();
    await world.replay.seek(1000);
    world.replay.setRate(rate);
    world.replay.play();
    await world.run(3000);
    expect(world.replay.positionMs).toBeCloseTo(1000 + 3000 * rate, 6);
  });

  it('shows who is there at the moment', async () => {
    const { replay } = await started();
    const people = () => replay.store.getSnapshot().people.map(({ id, seat }) => `${id} ${seat}`);
    await replay.seek(1000);
    expect(people()).toEqual(['ana 0', 'ben 1', 'cy 2']);
    await replay.seek(11_000);
    expect(people()).toEqual(['ana 0', 'ben 1']);
    await replay.seek(5000);
    expect(people()).toEqual(['ana 0', 'ben 1', 'cy 2']);
    expect(replay.store.getSnapshot().meeting.title).toBe('Tuesday');
  });

  it('those who leave are gone as time passes', async () => {
    const world = await started();
    const left: string[] = [];
    world.replay.transport.events.on('left', ({ personId }) => left.push(personId!));
    await world.replay.seek(5500);
    left.length = 0;
    world.replay.play();
    await world.run(1000);
    expect(left).toEqual(['cy']);
    expect(world.replay.store.getSnapshot().people).toHaveLength(2);
  });

  it('ends at the end, and begins again from there', async () => {
    const world = await started();
    await world.replay.seek(DURATION_MS - 500);
    world.replay.play();
    await world.run(2500);
    expect(world.replay.store.getSnapshot()).toMatchObject({ isPlaying: false, hasEnded: true, isWaiting: false });
    world.replay.play();
    await world.run(1000);
    expect(world.replay.store.getSnapshot()).toMatchObject({ isPlaying: true, hasEnded: false });
    expect(world.replay.positionMs).toBeLessThan(1100);
  });

  it('the last of several leaps counts, also if an earlier one comes later', async () => {
    const recording = opened(meeting.made);
    const waits: (() => void)[] = [];
    const read = (at: number, size: number) =>
      new Promise<Uint8Array>((resolve) => waits.push(() => resolve(recording.source.read(at, size))));
    const world = new ReplayWorld({ ...recording, source: { ...recording.source, read } });
    const leaps = [world.replay.seek(9500), world.replay.seek(500)];
    for (const come of waits.splice(0).reverse()) {
      come();
      await settle();
    }
    await Promise.all(leaps);
    expect(world.replay.positionMs).toBe(500);
    expect(world.replay.store.getSnapshot().people).toHaveLength(3);
  });

  it('waits for bytes that do not come, says why, asks again and goes on where it stood', async () => {
    const recording = opened(meeting.made);
    let isAway = false;
    const read = async (at: number, size: number) => {
      if (isAway) throw new Error('no network');
      return recording.source.read(at, size);
    };
    const world = new ReplayWorld({ ...recording, source: { ...recording.source, read } });
    await world.replay.seek(0);
    await settle();
    isAway = true;
    world.replay.play();
    await world.run(12_500);
    const { positionMs } = world.replay;
    expect(world.replay.store.getSnapshot()).toMatchObject({
      isPlaying: true,
      isWaiting: true,
      trouble: 'unreachable',
    });
    expect(positionMs).toBeGreaterThan(5000);
    expect(positionMs).toBeLessThanOrEqual(11_000);
    isAway = false;
    await world.run(2500);
    expect(world.replay.store.getSnapshot()).toMatchObject({ isWaiting: false, trouble: null });
    expect(world.replay.positionMs).toBeGreaterThan(positionMs);
  });

  it('a damaged segment costs its second, and is counted', async () => {
    const bytes = meeting.made.bytes();
    const { atByte, sizeBytes } = meeting.made.rows[2]!;
    bytes.fill(0x55, atByte + 50, atByte + sizeBytes - 20);
    const rows = meeting.made.rows;
    const world = new ReplayWorld({
      rows,
      source: { sizeBytes: bytes.length, read: async (a, s) => bytes.slice(a, a + s) },
    });
    await world.replay.seek(0);
    world.replay.play();
    await world.run(4500);
    expect(world.replay.damaged).toBe(1);
    expect(world.replay.positionMs).toBeCloseTo(4500, 6);
  });
});

describe('a replay of several takes', () => {
  it('goes on behind a gap at once, and shows the end of the take before a moment in it', async () => {
    const made = makeRecording();
    const join = { kind: 'joined', person: 'ana', name: 'Ana', avatar: 'ada', seat: 3 } as const;
    made.writer.appendEvent(0, join);
    made.writer.advance(2500);
    made.writer.appendEvent(60_000, { kind: 'chapter', title: 'After the break' });
    made.writer.end(62_000);
    const world = new ReplayWorld(opened(made));
    await world.replay.seek(30_000);
    expect(world.replay.store.getSnapshot()).toMatchObject({ isWaiting: false, people: [{ id: 'ana', seat: 3 }] });
    await world.replay.seek(1500);
    world.replay.play();
    await world.run(2000);
    expect(world.replay.positionMs).toBeGreaterThan(60_000);
    expect(world.replay.store.getSnapshot().meeting.chapter).toBe('After the break');
  });
});

describe('the receiver of a replay', () => {
  it('its time never goes back, whatever is pressed', async () => {
    const meeting = await receiveMeeting({ people: ['ana'], durationMs: 8000 });
    const press = fc.oneof(
      fc.record({ press: fc.constant('seek' as const), value: fc.integer({ min: -500, max: 9000 }) }),
      fc.record({ press: fc.constantFrom('play' as const, 'pause' as const), value: fc.constant(0) }),
      fc.record({ press: fc.constant('rate' as const), value: fc.constantFrom(0.5, 1, 2) }),
      fc.record({ press: fc.constant('wait' as const), value: fc.integer({ min: 1, max: 900 }) }),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(press, { maxLength: 25 }), async (presses) => {
        const scheduler = new ManualScheduler(() => 0, 0);
        const replay = new Replay({ recording: opened(meeting.made), scheduler });
        let lastMs = Number.NEGATIVE_INFINITY;
        replay.transport.events.on('packet', () => {
          expect(replay.clock.nowMs()).toBeGreaterThanOrEqual(lastMs);
          lastMs = replay.clock.nowMs();
        });
        await replay.seek(0);
        for (const { press: name, value } of presses) {
          if (name === 'seek') await replay.seek(value);
          else if (name === 'play') replay.play();
          else if (name === 'pause') replay.pause();
          else if (name === 'rate') replay.setRate(value);
          else scheduler.runFor(value);
          await settle();
          expect(replay.positionMs).toBeGreaterThanOrEqual(0);
          expect(replay.positionMs).toBeLessThanOrEqual(9000);
        }
        replay.close();
      }),
      { numRuns: 15 },
    );
  });
});
