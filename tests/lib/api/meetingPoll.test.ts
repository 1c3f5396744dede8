import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createParleyClient, type EventsConnection, ParleyApiError } from '@/lib/api';
import { eventsBetween, MeetingPoll } from '@/lib/api/meetingPoll';
import type { MeetingEvent, MeetingView, SeatedPerson } from '@/lib/core/meeting';
import { reduceMeeting } from '@/lib/meeting/roster';
import { TIERS } from '@/lib/quality/tiers';

const SEATS = 16;

function view(part: Partial<MeetingView> = {}): MeetingView {
  return {
    id: 'round-table',
    title: 'Round table',
    maxParticipants: SEATS,
    createdAt: '2026-01-01T00:00:00.000Z',
    endedAt: null,
    people: [],
    spectators: 0,
    tier: TIERS.high,
    recording: null,
    ...part,
  };
}

const person = (id: string, seat: number, name = id): SeatedPerson => ({
  id,
  name,
  avatar: 'ada',
  seat,
  endpoint: null,
});

const claimOf = (nonce: string) => ({ id: 'e1', occupantId: null, nonce });
const recording = (id: string) => ({ id, startedAt: '2026-01-01T00:00:00.000Z', consent: 'tell' }) as const;

/** Any people on different seats, in the order in which the API lists them. */
const anyPeople = fc
  .uniqueArray(
    fc.record({
      id: fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f'),
      name: fc.constantFrom('Ann', 'Bo'),
      avatar: fc.constantFrom('ada', 'bo'),
      seat: fc.nat(SEATS - 1),
      endpoint: fc.constantFrom(null, claimOf('n1'), claimOf('n2')),
    }),
    { selector: ({ id }) => id },
  )
  .map((people) => people.filter(({ seat }, at) => people.findIndex((other) => other.seat === seat) === at))
  .map((people) => people.sort((a, b) => a.seat - b.seat));

const anyView = fc
  .record({
    people: anyPeople,
    spectators: fc.nat(3),
    tier: fc.constantFrom(TIERS.high, TIERS.medium, TIERS.low),
    recording: fc.constantFrom(null, recording('r1'), recording('r2')),
    title: fc.constantFrom('Round table', 'Round table', 'Round table', 'Square table'),
  })
  .map((part) => view(part));

describe('events derived from two looks at a meeting', () => {
  it('whatever happens between looks, the derived events lead to what a stream’s observer knows', () => {
    fc.assert(
      fc.property(fc.array(anyView, { minLength: 1 }), fc.boolean(), (views, isEnded) => {
        const last = views.at(-1)!;
        if (isEnded) views.push({ ...last, endedAt: '2026-01-01T01:00:00.000Z' });
        let known: MeetingView | null = null;
        let before: MeetingView | null = null;
        for (const now of views) {
          const events: MeetingEvent[] = before ? eventsBetween(before, now) : [{ type: 'snapshot', meeting: now }];
          for (const event of events) known = reduceMeeting(known, event);
          before = now;
          expect(known).toEqual(now);
        }
      }),
    );
  });

  it('a poll tells nothing where nothing has changed', () => {
    fc.assert(
      fc.property(anyView, (same) => {
        expect(eventsBetween(same, structuredClone(same))).toEqual([]);
      }),
    );
  });

  it('people who come, go, change and move are told as a stream tells them', () => {
    const before = view({ people: [person('a', 0), person('b', 1), person('c', 2)] });
    const after = view({ people: [person('a', 3), person('c', 2, 'Cleo'), person('d', 1)], spectators: 2 });
    expect(eventsBetween(before, after)).toEqual([
      { type: 'left', personId: 'b', seat: 1, reason: 'left' },
      { type: 'joined', person: person('a', 3) },
      { type: 'changed', person: person('c', 2, 'Cleo') },
      { type: 'joined', person: person('d', 1) },
      { type: 'spectators', count: 2 },
    ]);
  });

  it('a restart of the site is told once', () => {
    const restarting = view({ restartsBy: '2030-01-01T00:00:00.000Z' });
    expect(eventsBetween(view(), restarting)).toEqual([{ type: 'restarting', by: '2030-01-01T00:00:00.000Z' }]);
    expect(eventsBetween(restarting, restarting)).toEqual([]);
  });

  it('a recording that has begun, and another in its place, are told as a stream tells them', () => {
    const [none, first, second] = [view(), view({ recording: recording('r1') }), view({ recording: recording('r2') })];
    const begun = (id: string) => ({ type: 'recording', change: 'started', recording: recording(id) });
    const over = (id: string) => ({ type: 'recording', change: 'stopped', recording: recording(id) });
    expect(eventsBetween(none, first)).toEqual([begun('r1')]);
    expect(eventsBetween(first, second)).toEqual([over('r1'), begun('r2')]);
    expect(eventsBetween(second, none)).toEqual([over('r2')]);
  });

  it('a person’s word on being recorded is told as a change of theirs', () => {
    const [before, after] = [person('a', 0), { ...person('a', 0), agreesToRecording: true }];
    expect(eventsBetween(view({ people: [before] }), view({ people: [after] }))).toEqual([
      { type: 'changed', person: after },
    ]);
  });
});

describe('a poll of a meeting', () => {
  beforeEach(() => {
    vi.useFakeTimers();
  });
  afterEach(() => {
    vi.unstubAllGlobals();
    vi.useRealTimers();
  });

  /** A poll that answers with `answer`, and what it tells. */
  function start(answer: () => MeetingView, keep: (() => Promise<void>) | null = null) {
    const told: string[] = [];
    const looksMs: number[] = [];
    const poll = new MeetingPoll({
      look: async () => {
        looksMs.push(Date.now());
        return answer();
      },
      keep,
      onEvent: (event) => told.push(event.type),
      onLook: (hasSucceeded) => hasSucceeded || told.push('failed'),
      onRefused: ({ reason }) => told.push(`refused: ${reason}`),
      onEnded: () => told.push('over'),
    });
    const pausesMs = () => looksMs.slice(1).map((atMs, at) => atMs - looksMs[at]!);
    return { poll, told, looksMs, pausesMs };
  }

  const refuse = (reason: ConstructorParameters<typeof ParleyApiError>[0]['reason'], retryAfterMs?: number): never => {
    throw new ParleyApiError({ reason, retryAfterMs }, reason);
  };

  it('a poll looks every 2.5 s, and every 10 s while the page is hidden, and keeps its stay each time', async () => {
    let kept = 0;
    const { pausesMs } = start(view, async () => {
      kept += 1;
    });
    await vi.advanceTimersByTimeAsync(5_100);
    expect([pausesMs(), kept]).toEqual([[2_500, 2_500], 3]);
    vi.stubGlobal('document', { hidden: true });
    await vi.advanceTimersByTimeAsync(22_500);
    expect([pausesMs().slice(2), kept]).toEqual([[2_500, 10_000, 10_000], 6]);
  });

  it('a poll looks less often while looks fail, and as often as before once they succeed', async () => {
    let fails = 4;
    const { pausesMs, told } = start(() => {
      fails -= 1;
      return fails >= 0
        ? refuse(fails === 0 ? 'tooManyRequests' : 'offline', fails === 0 ? 12_000 : undefined)
        : view();
    });
    await vi.advanceTimersByTimeAsync(60_000);
    expect(pausesMs().slice(0, 6)).toEqual([2_500, 5_000, 10_000, 12_000, 2_500, 2_500]);
    expect(told).toEqual(['failed', 'failed', 'failed', 'failed', 'snapshot']);
  });

  it('a poll stops when a look or the stay is refused', async () => {
    const refused = start(() => refuse('notFound'));
    const replaced = start(view, async () => refuse('replaced'));
    await vi.advanceTimersByTimeAsync(60_000);
    expect([refused.told, refused.looksMs.length]).toEqual([['refused: notFound'], 1]);
    expect([replaced.told, replaced.looksMs.length]).toEqual([['refused: replaced'], 1]);
  });

  it('a poll ends with the meeting', async () => {
    let now = view({ people: [person('a', 0)] });
    const { told, looksMs } = start(() => now);
    await vi.advanceTimersByTimeAsync(0);
    now = { ...now, people: [], endedAt: '2026-01-01T01:00:00.000Z' };
    await vi.advanceTimersByTimeAsync(60_000);
    expect([told, looksMs.length]).toEqual([['snapshot', 'left', 'ended', 'over'], 2]);
  });

  it('a poll tells nothing after it was stopped, even in the middle of an answer', async () => {
    const { poll, told } = start(view);
    poll.stop();
    await vi.advanceTimersByTimeAsync(60_000);
    expect(told).toEqual([]);
  });
});

describe('a client whose streams were held back', () => {
  beforeEach(() => {
    vi.useFakeTimers();
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  it('a poll returns to streaming with the next stream that begins, and looks no more', async () => {
    const STREAM = { 'content-type': 'text/event-stream' };
    const text = (events: string) => new TextEncoder().encode(events);
    let isHeldBack = true;
    let looks = 0;
    const answer: typeof fetch = async (target, init) => {
      if (String(target).includes('meeting.get')) {
        looks += 1;
        return Response.json({ result: { data: view({ spectators: looks }) } });
      }
      const body = new ReadableStream({
        start: (controller) => {
          if (!isHeldBack) {
            const data = { type: 'snapshot', meeting: view({ spectators: 1_000 }) };
            controller.enqueue(text(`event: connected\ndata: {}\n\ndata: ${JSON.stringify(data)}\n\n`));
          }
          init?.signal?.addEventListener('abort', () => controller.error(init.signal?.reason));
        },
      });
      return new Response(body, { headers: STREAM });
    };
    const connections: EventsConnection[] = [];
    let known: MeetingView | null = null;
    const stop = createParleyClient({ url: 'http://nobody.invalid', fetch: answer }).meeting.events(
      { id: 'round-table' },
      {
        onEvent: (event) => {
          known = reduceMeeting(known, event);
        },
        onConnectionChange: (connection) => connections.push(connection),
      },
    );
    await vi.advanceTimersByTimeAsync(20_000);
    expect(connections).toEqual(['connecting', 'polling']);
    expect(known!.spectators).toBe(looks);
    isHeldBack = false;
    await vi.advanceTimersByTimeAsync(70_000);
    expect(connections).toEqual(['connecting', 'polling', 'open']);
    expect(known!.spectators).toBe(1_000);
    const before = looks;
    await vi.advanceTimersByTimeAsync(30_000);
    expect(looks).toBe(before);
    stop();
  });
});
