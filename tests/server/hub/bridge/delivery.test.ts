import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { FramedChannelSocket } from '@/server/hub/bridge/channelSocket';
import { Conference, OutgoingMessage } from '@/server/hub/bridge/conference';
import { DataChannelWindow, DeliveryWindow, WINDOW_MAX_BYTES } from '@/server/hub/bridge/deliveryWindow';
import { Endpoint, Outbox } from '@/server/hub/bridge/endpoint';
import { SenderLimit } from '@/server/hub/bridge/incoming';
import { HUB_LIMITS } from '@/server/hub/hubLimits';
import { HubCounters } from '@/server/hub/hubStats';

function endpoint(id: string, counters = new HubCounters()): Endpoint {
  const details = { id, conferenceId: 'c', personId: id, role: 'participant' as const };
  return new Endpoint(details, HUB_LIMITS, counters, new SenderLimit(HUB_LIMITS, 0));
}

/** Reads consecutive unmasked text frames, as a client does (RFC 6455, 5.2). */
function textsIn(frames: Buffer): string[] {
  const texts: string[] = [];
  for (let at = 0; at < frames.length; ) {
    expect(frames[at]).toBe(0x81);
    let length = frames[at + 1] ?? 0;
    at += 2;
    if (length === 126) {
      length = frames.readUInt16BE(at);
      at += 2;
    } else if (length === 127) {
      length = Number(frames.readBigUInt64BE(at));
      at += 8;
    }
    texts.push(frames.toString('utf8', at, at + length));
    at += length;
  }
  return texts;
}

/** A WebSocket that takes `roomBytes` and remembers what it received. */
class Sink implements FramedChannelSocket {
  readonly isOpen = true;
  bufferedBytes = 0;
  roomBytes = WINDOW_MAX_BYTES;
  readonly got: string[] = [];
  writes = 0;
  sendFrames(frames: Buffer): void {
    this.writes += 1;
    this.got.push(...textsIn(frames));
  }
  send(): void {
    throw new Error('not framed');
  }
  close(): void {}
}

describe('OutgoingMessage', () => {
  it('H-30 an outgoing message is one whole text frame of any length', () => {
    for (const length of [0, 1, 125, 126, 65_535, 65_536, 70_000]) {
      const text = 'ü'.repeat(Math.floor(length / 2)) + (length % 2 ? 'x' : '');
      const message = new OutgoingMessage(text, null, null, 0);
      expect(textsIn(message.frame)).toEqual([text]);
      expect(message.payload.toString()).toBe(text);
      expect(message.payloadBytes).toBe(length);
    }
  });
});

describe('Conference', () => {
  it('H-30 H-31 every endpoint gets its messages in one write, those of each sender in order', () => {
    const ids = ['a', 'b', 'c', 'd'] as const;
    const step = fc.record({ from: fc.nat(3), to: fc.option(fc.nat(3)), flush: fc.boolean() });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
        const counters = new HubCounters();
        const conference = new Conference(counters);
        const endpoints = ids.map((id) => endpoint(id, counters));
        const sinks = endpoints.map(() => new Sink());
        for (const [i, one] of endpoints.entries()) {
          one.connect(sinks[i] as Sink);
          conference.endpoints.add(one);
        }
        const expected = ids.map((): string[] => []);
        let flushes = 1;
        for (const [n, { from, to, flush }] of steps.entries()) {
          const text = `${n} of ${ids[from]}`;
          conference.add(text, endpoints[from] as Endpoint, to === null ? null : (endpoints[to] as Endpoint), 0);
          for (const i of ids.keys()) if (to === null ? i !== from : i === to) expected[i]?.push(text);
          if (flush) flushes += Number(conference.flush(0) === false);
        }
        expect(conference.flush(0)).toBe(false);
        expect(sinks.map(({ got }) => got)).toEqual(expected);
        for (const { writes } of sinks) expect(writes).toBeLessThanOrEqual(flushes);
        expect(counters.messagesOut).toBe(expected.flat().length);
      }),
    );
  });

  it('H-36 a full receiver gets the newest message of each sender once it has room', () => {
    const counters = new HubCounters();
    const conference = new Conference(counters);
    const [ann, ben, slow] = [endpoint('a', counters), endpoint('b', counters), endpoint('s', counters)];
    const sink = new Sink();
    for (const one of [ann, ben, slow]) conference.endpoints.add(one);
    slow.connect(sink);
    sink.roomBytes = 0;
    sink.bufferedBytes = 9_000;
    for (let n = 0; n < 12; n += 1) {
      conference.add(`a${n}`, ann, null, n * 40);
      conference.add(`b${n}`, ben, null, n * 40);
      expect(conference.flush(n * 40)).toBe(true);
    }
    conference.add('for you', ann, slow, 480);
    sink.roomBytes = 20;
    conference.flush(560);
    sink.roomBytes = 1_000;
    expect(conference.flush(560)).toBe(false);
    expect(sink.got).toEqual(['a11', 'b11', 'for you']);
    expect(counters.dropped.slowReceiver + counters.dropped.stale).toBe(22);
  });

  it('H-88 the dominant speaker is also announced to channels that open later, unless it has left', () => {
    const conference = new Conference(new HubCounters());
    const [ann, ben] = [endpoint('a'), endpoint('b')];
    conference.endpoints.add(ann);
    conference.announceSpeakers('a', 'a speaks', 0);
    conference.flush(0);
    const greeted = () => {
      const sink = new Sink();
      ben.connect(sink);
      conference.endpoints.add(ben);
      conference.greet(ben, 'hello', 0);
      conference.flush(0);
      return sink.got;
    };
    expect(greeted()).toEqual(['hello', 'a speaks']);
    conference.remove(ann);
    expect(greeted()).toEqual(['hello']);
  });
});

describe('media that does not come through', () => {
  it('H-89 an endpoint that is not reached is told once, to channels that open later too, and again when it comes through', () => {
    const conference = new Conference(new HubCounters());
    const sinks = [new Sink(), new Sink()];
    const [ann, ben] = [endpoint('a'), endpoint('b')];
    ann.connect(sinks[0]!);
    conference.endpoints.add(ann);
    const told = (active: string) =>
      JSON.stringify({ colibriClass: 'EndpointConnectivityStatusChangeEvent', endpoint: 'a', active });
    expect(conference.noteReach('a', true, 0)).toBe(false);
    expect(conference.noteReach('a', false, 0)).toBe(true);
    expect(conference.noteReach('a', false, 0)).toBe(false);
    conference.flush(0);
    expect(sinks[0]!.got).toEqual([told('false')]);
    ben.connect(sinks[1]!);
    conference.endpoints.add(ben);
    conference.greet(ben, 'hello', 0);
    conference.flush(0);
    expect(sinks[1]!.got).toEqual(['hello', told('false')]);
    expect(conference.noteReach('a', true, 0)).toBe(true);
    conference.flush(0);
    expect(sinks.map(({ got }) => got.at(-1))).toEqual([told('true'), told('true')]);
    conference.noteReach('b', false, 0);
    conference.forgetReach('b');
    expect(conference.noteReach('b', true, 0)).toBe(false);
  });
});

/** A data channel over a path with this many bytes per second, which acknowledges them as late as RFC 9260 allows. */
class SlowDataChannel {
  readonly isOpen = true;
  bufferedBytes = 0;
  readonly arrivals: { readonly text: string; readonly atMs: number }[] = [];
  private readonly queue: { readonly message: Buffer; leftBytes: number }[] = [];
  private acknowledged: { readonly sizeBytes: number; readonly atMs: number }[] = [];

  constructor(private readonly bytesPerMs: number) {}

  send(message: Buffer): void {
    this.bufferedBytes += message.length;
    this.queue.push({ message, leftBytes: message.length });
  }

  /** A millisecond passes. */
  pass(nowMs: number): void {
    let room = this.bytesPerMs;
    for (let next = this.queue[0]; next && room > 0; next = this.queue[0]) {
      const taken = Math.min(room, next.leftBytes);
      next.leftBytes -= taken;
      room -= taken;
      if (next.leftBytes > 0) break;
      this.queue.shift();
      this.arrivals.push({ text: next.message.toString(), atMs: nowMs });
      this.acknowledged.push({ sizeBytes: next.message.length, atMs: nowMs + 200 });
    }
    for (const { sizeBytes } of this.acknowledged.filter(({ atMs }) => atMs <= nowMs)) this.bufferedBytes -= sizeBytes;
    this.acknowledged = this.acknowledged.filter(({ atMs }) => atMs > nowMs);
  }

  close(): void {}
}

describe('a data channel', () => {
  /** Fifteen endpoints that send 20 messages of 300 bytes per second for 20 s, received over a path of this many bit/s. */
  function hearOver(bitsPerSecond: number) {
    const counters = new HubCounters();
    const conference = new Conference(counters);
    const listener = endpoint('l', counters);
    const channel = new SlowDataChannel(bitsPerSecond / 8000);
    listener.connect(channel);
    conference.endpoints.add(listener);
    const senders = Array.from({ length: 15 }, (_, n) => endpoint(`s${n}`, counters));
    let backlogBytes = 0;
    for (let nowMs = 0; nowMs < 20_000; nowMs += 1) {
      for (const [n, sender] of senders.entries()) {
        if ((nowMs + n * 3) % 50 === 0) conference.add(`${nowMs} `.padEnd(300, '.'), sender, null, nowMs);
      }
      conference.flush(nowMs);
      channel.pass(nowMs);
      backlogBytes = Math.max(backlogBytes, listener.backlogBytes);
    }
    const heard = channel.arrivals.map(({ text, atMs }) => ({ sentAtMs: Number.parseInt(text, 10), atMs }));
    const settled = heard.filter(({ sentAtMs }) => sentAtMs >= 5_000 && sentAtMs < 19_000);
    const agesMs = settled.map(({ sentAtMs, atMs }) => atMs - sentAtMs);
    return { oldestMs: Math.max(...agesMs), heard: settled.length, backlogBytes };
  }

  it('H-36 a slow path carries what it can, nothing older than half a second', () => {
    const { oldestMs, heard, backlogBytes } = hearOver(64_000);
    expect(oldestMs).toBeLessThanOrEqual(500);
    expect(backlogBytes).toBeLessThanOrEqual(HUB_LIMITS.receiverBacklogMaxBytes);
    // The path carries 26 messages per second.
    expect(heard).toBeGreaterThan(14 * 26 * 0.8);
  });

  it('H-36 a fast path loses nothing once it is known, however late its acknowledgements', () => {
    expect(hearOver(8_000_000).heard).toBe(15 * 20 * 14);
  });
});

/** How long a busy receiver does nothing, again and again, ms. */
const BUSY_MS = [60, 230, 120, 250, 90, 200, 160, 245, 75, 190];

/** A WebSocket on a path without limits to a receiver that reads, and answers, only between its work. */
class BusyReceiver implements FramedChannelSocket {
  readonly isOpen = true;
  heard = 0;
  private readonly window = new DeliveryWindow(0);
  private readonly probes: number[] = [];
  private nowMs = 0;
  private readsAtMs = 0;
  private turn = 0;

  get roomBytes(): number {
    return this.window.roomBytes;
  }

  get bufferedBytes(): number {
    return this.window.inFlightBytes;
  }

  sendFrames(frames: Buffer): void {
    this.heard += textsIn(frames).length;
    this.window.sent(frames.length);
    this.probe();
  }

  /** A millisecond passes. */
  pass(nowMs: number): void {
    this.nowMs = nowMs;
    if (nowMs < this.readsAtMs) return;
    // In the first seconds it has nothing else to do.
    if (nowMs > 3_000) this.readsAtMs = nowMs + BUSY_MS[this.turn++ % BUSY_MS.length]!;
    for (const probe of this.probes.splice(0)) this.window.answered(probe, nowMs);
    this.probe();
  }

  send(): void {
    throw new Error('not framed');
  }

  close(): void {}

  private probe(): void {
    if (this.window.wantsProbe(this.nowMs)) this.probes.push(this.window.beginProbe(this.nowMs));
  }
}

describe('a WebSocket', () => {
  it('H-36 a receiver that is busy for up to a quarter of a second at a time hears nearly everything', () => {
    const counters = new HubCounters();
    const conference = new Conference(counters);
    const listener = endpoint('l', counters);
    const receiver = new BusyReceiver();
    listener.connect(receiver);
    conference.endpoints.add(listener);
    const senders = Array.from({ length: 15 }, (_, n) => endpoint(`s${n}`, counters));
    for (let nowMs = 0; nowMs < 30_000; nowMs += 1) {
      for (const [n, sender] of senders.entries()) {
        if ((nowMs + n * 7) % 100 === 0) conference.add(`${nowMs} `.padEnd(140, '.'), sender, null, nowMs);
      }
      conference.flush(nowMs);
      receiver.pass(nowMs);
    }
    const { slowReceiver, stale } = counters.dropped;
    expect(receiver.heard + slowReceiver + stale).toBeGreaterThan(4_400);
    expect(slowReceiver + stale).toBeLessThan(4_500 * 0.05);
  });
});

describe('Outbox', () => {
  const messageAt = (atMs: number, sizeBytes: number, from: Endpoint) =>
    new OutgoingMessage('x'.repeat(sizeBytes), from, null, atMs);

  it('H-36 an outbox gives out nothing older than half a second and holds at most 64 KiB, including what is in flight', () => {
    const senders = ['a', 'b', 'c'].map((id) => endpoint(id));
    const step = fc.record({
      from: fc.nat(2),
      sizeBytes: fc.integer({ min: 1, max: 4_096 }),
      afterMs: fc.nat(60),
      roomBytes: fc.integer({ min: -2_000, max: 8_000 }),
      inFlightBytes: fc.nat(60_000),
    });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 80 }), (steps) => {
        const counters = new HubCounters();
        const outbox = new Outbox(HUB_LIMITS, counters);
        let nowMs = 0;
        let taken = 0;
        for (const { from, sizeBytes, afterMs, roomBytes, inFlightBytes } of steps) {
          nowMs += afterMs;
          outbox.push(messageAt(nowMs, sizeBytes, senders[from] as Endpoint));
          const out = outbox.take(roomBytes, inFlightBytes, nowMs);
          taken += out.length;
          for (const { atMs } of out) expect(nowMs - atMs).toBeLessThanOrEqual(500);
          expect(outbox.sizeBytes + inFlightBytes).toBeLessThanOrEqual(65_536);
        }
        outbox.take(1e9, 0, nowMs + 10_000);
        expect(taken + counters.dropped.stale + counters.dropped.slowReceiver).toBe(steps.length);
        expect(outbox.sizeBytes).toBe(0);
      }),
    );
  });

  it('H-36 a stall of less than a tenth of a second costs nothing', () => {
    const counters = new HubCounters();
    const outbox = new Outbox(HUB_LIMITS, counters);
    const ann = endpoint('a');
    for (let atMs = 0; atMs < 100; atMs += 10) {
      outbox.push(messageAt(atMs, 100, ann));
      expect(outbox.take(0, 8_000, atMs)).toEqual([]);
    }
    expect(outbox.take(10_000, 0, 100)).toHaveLength(10);
    expect(counters.dropped.slowReceiver).toBe(0);
  });
});

describe('DeliveryWindow', () => {
  /** Sends as much as the window allows over a path of this many bytes per second. Returns the longest queueing time. */
  function drive(bytesPerSecond: number, delayMs: number, seconds: number): { queuedMs: number; carried: number } {
    const window = new DeliveryWindow(0);
    let freeAtMs = 0;
    let queuedMs = 0;
    let carried = 0;
    let answer: { probe: number; atMs: number } | null = null;
    for (let nowMs = 0; nowMs < seconds * 1_000; nowMs += 1) {
      if (answer && nowMs >= answer.atMs) {
        window.answered(answer.probe, nowMs);
        answer = null;
      }
      if (nowMs % 4 === 0 && (window.roomBytes >= 250 || window.inFlightBytes === 0)) {
        window.sent(250);
        carried += 250;
        freeAtMs = Math.max(freeAtMs, nowMs) + (250 / bytesPerSecond) * 1_000;
        if (nowMs > 3_000) queuedMs = Math.max(queuedMs, freeAtMs - nowMs);
      }
      if (window.wantsProbe(nowMs)) {
        answer = { probe: window.beginProbe(nowMs), atMs: Math.max(freeAtMs, nowMs) + delayMs };
      }
    }
    return { queuedMs, carried };
  }

  it('H-36 a delivery window lets little queue on a slow path, and still fills it', () => {
    const { queuedMs, carried } = drive(8_000, 20, 30);
    expect(queuedMs).toBeLessThan(500);
    expect(carried).toBeGreaterThan(8_000 * 30 * 0.6);
  });

  it('H-36 a delivery window holds nothing back on a fast path, however long it is', () => {
    for (const delayMs of [1, 50, 300]) {
      const { carried } = drive(10_000_000, delayMs, 20);
      expect(carried).toBeGreaterThan(62_500 * 20 * 0.9);
    }
  });

  it('H-36 over a data channel, where small messages take twice their size, as little queues', () => {
    const window = new DataChannelWindow(0);
    const messageBytes = 110;
    // 64 kbit/s, of which less than half is left for messages.
    const messageMs = (messageBytes / 3_500) * 1_000;
    const arrivalsMs: number[] = [];
    let freeAtMs = 0;
    let queuedMs = 0;
    let carried = 0;
    for (let nowMs = 0; nowMs < 30_000; nowMs += 10) {
      while (arrivalsMs[0] !== undefined && nowMs >= arrivalsMs[0] + 20) arrivalsMs.shift();
      const bufferedBytes = arrivalsMs.length * messageBytes;
      if (window.roomBytes(bufferedBytes, nowMs) < messageBytes && bufferedBytes > 0) continue;
      window.sent(messageBytes, nowMs);
      freeAtMs = Math.max(freeAtMs, nowMs) + messageMs;
      arrivalsMs.push(freeAtMs);
      carried += 1;
      if (nowMs > 10_000) queuedMs = Math.max(queuedMs, freeAtMs - nowMs);
    }
    expect(queuedMs).toBeLessThan(300);
    expect(carried * messageMs).toBeGreaterThan(30_000 * 0.8);
  });

  it('H-36 a delivery window ignores unknown answers and stays within its bounds', () => {
    const window = new DeliveryWindow(0);
    window.sent(100_000);
    window.answered(77, 1);
    expect(window.inFlightBytes).toBe(100_000);
    const probe = window.beginProbe(1);
    window.answered(probe, 10_000);
    window.answered(probe, 10_001);
    expect(window.inFlightBytes).toBe(0);
    expect(window.roomBytes).toBeGreaterThanOrEqual(2_048);
    expect(window.roomBytes).toBeLessThanOrEqual(WINDOW_MAX_BYTES);
  });
});
