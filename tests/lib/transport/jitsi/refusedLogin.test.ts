import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { ConferenceLink } from '@/lib/transport/jitsi/conferenceLink';
import { conferenceError, connectionError, type JitsiMeetJs } from '@/lib/transport/jitsi/library';
import type { LinkEvents } from '@/lib/transport/link';
import { PASS } from '@/tests/lib/transport/linkWorld';

type Listener = (...args: unknown[]) => void;
const names = new Proxy({}, { get: (_target, name) => String(name) });

/** A connection of the library whose server does what a test tells it to. */
class ScriptedConnection {
  static last: ScriptedConnection;
  readonly socket = { readyState: 0, addEventListener: () => {} };
  readonly xmpp = { connection: { _stropheConn: { _proto: { socket: this.socket } } } };
  private readonly listeners = new Map<string, Listener>();

  constructor() {
    ScriptedConnection.last = this;
  }

  addEventListener = (event: string, listener: Listener) => this.listeners.set(event, listener);
  removeEventListener = () => {};
  connect = () => {};
  disconnect = async () => {};
  emit = (event: string, ...args: unknown[]) => this.listeners.get(event)?.(...args);
}

const library = {
  JitsiConnection: ScriptedConnection,
  events: { connection: names, conference: names, track: names },
  errors: { conference: names },
} as unknown as JitsiMeetJs;

/** A link that is opening, and how that ends. */
function openLink() {
  const events = new Proxy({}, { get: () => () => {} }) as LinkEvents;
  const link = new ConferenceLink(library, { ...PASS, joinToken: 'token' }, events);
  const outcome = link.open().catch((error: unknown) => error);
  return { link, outcome, connection: ScriptedConnection.last };
}

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

describe('a login through lib-jitsi-meet', () => {
  it("T-84 a refused login carries the server's words, even as both builds take them from the XML", async () => {
    const { outcome, connection } = openLink();
    connection.emit('CONNECTION_FAILED', 'connection.passwordRequired', 'invalid &apos;iss&apos; claim', {});
    expect(await outcome).toMatchObject({ reason: 'notAllowed', refusal: 'issuer', detail: "invalid 'iss' claim" });
  });

  it('T-84 a login that is never answered fails six seconds after its socket has opened', async () => {
    const { outcome, connection } = openLink();
    let isOver = false;
    void outcome.then(() => {
      isOver = true;
    });
    await vi.advanceTimersByTimeAsync(15_000);
    connection.socket.readyState = 1;
    await vi.advanceTimersByTimeAsync(5_900);
    expect(isOver).toBe(false);
    await vi.advanceTimersByTimeAsync(1_500);
    expect(await outcome).toMatchObject({ reason: 'unreachable', refusal: 'unanswered' });
    expect(vi.getTimerCount()).toBe(0);
  });

  it('T-84 a link that is closed before its login leaves no timer behind', async () => {
    const { link } = openLink();
    await link.close();
    await vi.runOnlyPendingTimersAsync();
    expect(vi.getTimerCount()).toBe(0);
  });

  it('T-84 only a login that was refused is one; what the library itself says is not put into the mouth of the server', () => {
    expect(connectionError('connection.passwordRequired')).toMatchObject({ reason: 'notAllowed', detail: '' });
    for (const kind of ['connection.droppedError', 'connection.otherError', 'connection.conferenceRequestFailed']) {
      expect(connectionError(kind, 'connection-dropped-error')).toMatchObject({ reason: 'unreachable', detail: '' });
    }
  });

  it('T-84 a refused entry says what the room said, and blames no token unless the room does', () => {
    const entry = (kind: string, ...said: unknown[]) => conferenceError(library, kind, false, said);
    expect(entry('NOT_ALLOWED_ERROR')).toMatchObject({ refusal: 'other', detail: '' });
    expect(entry('NOT_ALLOWED_ERROR', 'general', 'Room and token mismatched')).toMatchObject({
      reason: 'notAllowed',
      refusal: 'room',
      detail: 'Room and token mismatched',
    });
    expect(entry('NOT_ALLOWED_ERROR', 'room-creation-restriction', 'Room does not exist')?.reason).toBe('unreachable');
    expect(entry('MEMBERS_ONLY_ERROR')).toMatchObject({ reason: 'notAllowed', refusal: 'membersOnly' });
    expect(entry('AUTHENTICATION_REQUIRED')).toMatchObject({ reason: 'notAllowed', refusal: 'focus' });
    for (const kind of ['NOT_ALLOWED_ERROR', 'MEMBERS_ONLY_ERROR', 'AUTHENTICATION_REQUIRED']) {
      expect(String(entry(kind))).not.toMatch(/token/);
    }
  });
});
