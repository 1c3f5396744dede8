import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ConferenceLink } from '@/lib/transport/jitsi/conferenceLink';
import type { JitsiMeetJs } from '@/lib/transport/jitsi/library';
import type { LinkEvents } from '@/lib/transport/link';
import { PASS } from '@/tests/lib/transport/linkWorld';

const uncaught: unknown[] = [];
const note = (error: unknown) => uncaught.push(error);
beforeEach(() => {
  uncaught.length = 0;
  process.on('unhandledRejection', note);
});
afterEach(() => {
  process.off('unhandledRejection', note);
});

type Listener = (...args: unknown[]) => void;
const names = new Proxy({}, { get: (_target, name) => String(name) });
const ignored = () => {};

/** A conference that leaves as the library does: a second time is an error, and a kick leaves without looking at it. */
class LeavingConference {
  readonly listeners = new Map<string, Listener>();
  leaves = 0;
  private hasRoom = true;
  answer: () => void = ignored;

  on = (event: string, listener: Listener) => this.listeners.set(event, listener);
  off = ignored;
  join = () => this.listeners.get('CONFERENCE_JOINED')?.();
  myUserId = () => 'self';

  async leave(): Promise<void> {
    this.leaves += 1;
    if (!this.hasRoom) throw new Error('The conference has already been left');
    this.hasRoom = false;
    await new Promise<void>((resolve) => {
      this.answer = resolve;
    });
  }

  /** The server takes this participant out. */
  kick(): void {
    this.listeners.get('KICKED')?.();
    void this.leave();
  }
}

/** The library's stream, which fails at what has no child and comes while it disconnects. */
class FarewellWire {
  isDisconnecting = false;
  readonly socket = {
    onmessage: (message: unknown) => this._onMessage(message),
    addEventListener: ignored,
  };

  _onMessage(_message: unknown): void {
    if (this.isDisconnecting) throw new TypeError("Cannot read properties of null (reading 'nodeName')");
  }

  /** The stream opens, and takes its handler. */
  opens(): void {
    this.socket.onmessage = (message) => this._onMessage(message);
  }
}

function scripted(conference: LeavingConference, wire = new FarewellWire()): JitsiMeetJs {
  class JitsiConnection {
    readonly xmpp = { connection: { _stropheConn: { _proto: wire } } };
    private readonly listeners = new Map<string, Listener>();
    addEventListener = (event: string, listener: Listener) => this.listeners.set(event, listener);
    removeEventListener = ignored;
    connect = () => this.listeners.get('CONNECTION_ESTABLISHED')?.();
    disconnect = async () => {
      wire.isDisconnecting = true;
      await settled();
    };
    initJitsiConference = () => conference;
  }
  return { JitsiConnection, events: { connection: names, conference: names, track: names } } as unknown as JitsiMeetJs;
}

async function openLink(conference: LeavingConference, wire?: FarewellWire): Promise<ConferenceLink> {
  const events = new Proxy({}, { get: () => ignored }) as LinkEvents;
  const link = new ConferenceLink(scripted(conference, wire), { ...PASS, joinToken: 'token' }, events);
  await link.open();
  return link;
}

const settled = () => new Promise((resolve) => setTimeout(resolve, 20));

describe('a link that leaves its conference', () => {
  it('a kick that arrives while the page is leaving leaves no uncaught error', async () => {
    const conference = new LeavingConference();
    const link = await openLink(conference);
    const closing = link.close();
    conference.kick();
    await settled();
    conference.answer();
    await closing;
    expect(uncaught).toEqual([]);
    expect(conference.leaves).toBe(1);
  });

  it('a kick before the page leaves is the only time the conference is left', async () => {
    const conference = new LeavingConference();
    const link = await openLink(conference);
    conference.kick();
    const closing = link.close();
    conference.answer();
    await closing;
    await settled();
    expect(uncaught).toEqual([]);
    expect(conference.leaves).toBe(1);
  });

  it.each([
    ['an acknowledgement', () => {}],
    ['the start of a stream that opens only then', (wire: FarewellWire) => wire.opens()],
  ])('%s that comes while the connection ends leaves no uncaught error', async (_name, before) => {
    const conference = new LeavingConference();
    const wire = new FarewellWire();
    const link = await openLink(conference, wire);
    const closing = link.close();
    conference.answer();
    while (!wire.isDisconnecting) await Promise.resolve();
    before(wire);
    expect(() => wire.socket.onmessage({ data: '<r xmlns="urn:xmpp:sm:3"/>' })).not.toThrow();
    await closing;
  });
});
