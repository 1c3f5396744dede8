import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { HUB_LIMITS } from '@/server/hub/hubLimits';
import { HubCounters } from '@/server/hub/hubStats';
import { PARLEY_PROFILE } from '@/server/hub/profile/parleyProfile';
import type { Session, Wire } from '@/server/hub/xmpp/session';
import { SessionDirectory } from '@/server/hub/xmpp/sessionDirectory';
import { type Element, xml } from '@/server/hub/xmpp/stanza';
import { StanzaRate } from '@/server/hub/xmpp/stanzaRate';
import { XmppStream } from '@/server/hub/xmpp/xmppStream';
import { anyText } from '@/tests/support/anyText';
import { ManualClock } from '@/tests/support/manualClock';
import { AUTH, DOMAIN, FRAMING_OPEN } from '../rawClient';
import { TokenTable } from '../testHub';

const BIND = '<iq xmlns="jabber:client" type="set" id="b"><bind xmlns="urn:ietf:params:xml:ns:xmpp-bind"/></iq>';
const ENABLE = '<enable xmlns="urn:xmpp:sm:3" resume="true"/>';
const PING = '<iq xmlns="jabber:client" type="get" id="p"><ping xmlns="urn:xmpp:ping"/></iq>';

class FakeWire implements Wire {
  readonly heardAtMs = 0;
  bufferedBytes = 0;
  readonly sent: string[] = [];
  closedWith: number | null = null;
  send(text: string): void {
    this.sent.push(text);
  }
  close(code: number): void {
    this.closedWith ??= code;
  }
  get last(): string {
    return this.sent.at(-1) ?? '';
  }
}

class World {
  readonly dialect = PARLEY_PROFILE.stream;
  readonly clock = new ManualClock();
  readonly tokens = new TokenTable();
  readonly counters = new HubCounters();
  readonly directory = new SessionDirectory(DOMAIN, this.tokens, HUB_LIMITS, this.clock, this.counters, this.dialect);
  readonly stanzas: [Session, Element][] = [];
  violations = 0;

  stream(token: string | null): { stream: XmppStream; wire: FakeWire } {
    const wire = new FakeWire();
    const stream = new XmppStream(
      wire,
      { token, previd: null, webSocketOrigin: 'ws://hub' },
      {
        domain: DOMAIN,
        directory: this.directory,
        dialect: this.dialect,
        onStanza: (session, stanza) => this.stanzas.push([session, stanza]),
        onViolation: () => {
          this.violations += 1;
        },
      },
      new StanzaRate(HUB_LIMITS, this.clock),
    );
    return { stream, wire };
  }

  async bound(token: string) {
    const both = this.stream(token);
    for (const frame of [FRAMING_OPEN, AUTH, FRAMING_OPEN, BIND]) await both.stream.receive(frame);
    return both;
  }

  /** Everything up to the answer to the second `<open/>`. */
  async authenticated(token: string) {
    const both = this.stream(token);
    for (const frame of [FRAMING_OPEN, AUTH, FRAMING_OPEN]) await both.stream.receive(frame);
    return both;
  }

  previd(wire: FakeWire): string {
    return /id="([^"]+)"/.exec(wire.sent.find((text) => text.startsWith('<enabled')) ?? '')?.[1] ?? '';
  }
}

const resume = (previd: string, h: number | string = 0) =>
  `<resume xmlns="urn:xmpp:sm:3" previd="${previd}" h="${h}"/>`;

describe('XmppStream', { timeout: 60_000 }, () => {
  it('H-10 a stream answers open, auth, open and bind in this order, and then accepts stanzas', async () => {
    const world = new World();
    const { stream, wire } = world.stream(world.tokens.issue('ann'));
    await stream.receive(FRAMING_OPEN);
    expect(wire.sent[0]).toMatch(/^<open /);
    expect(wire.sent[1]).toContain('<mechanism>ANONYMOUS</mechanism>');
    await stream.receive(AUTH);
    expect(wire.last).toMatch(/^<success /);
    await stream.receive(FRAMING_OPEN);
    expect(wire.last).toContain('<bind ');
    expect(wire.last).toContain('urn:xmpp:sm:3');
    await stream.receive(BIND);
    expect(wire.last).toMatch(/<jid>[0-9a-f]{8}-[0-9a-f-]+@parley\.local\/[\w.-]+<\/jid>/);
    await stream.receive(PING);
    expect(world.stanzas).toHaveLength(1);
    expect(world.stanzas[0]?.[1].attrs['from']).toBe(stream.session?.jid);
  });

  it.each([
    ['auth before open', [AUTH]],
    ['bind before auth', [FRAMING_OPEN, BIND]],
    ['a stanza before bind', [FRAMING_OPEN, AUTH, FRAMING_OPEN, PING]],
    ['auth twice', [FRAMING_OPEN, AUTH, AUTH]],
    ['open twice', [FRAMING_OPEN, FRAMING_OPEN]],
    ['enable before bind', [FRAMING_OPEN, AUTH, FRAMING_OPEN, ENABLE]],
    ['text that is no XML', [FRAMING_OPEN, 'hello']],
  ])('H-11 a stream closes on: %s', async (_name, frames) => {
    const world = new World();
    const { stream, wire } = world.stream(world.tokens.issue('ann'));
    for (const frame of frames) await stream.receive(frame);
    expect(wire.closedWith).toBe(1008);
    expect(world.violations).toBe(1);
    expect(world.directory.size).toBe(0);
  });

  it('H-11 a frame that does not wait for the answer to auth closes the stream', async () => {
    const world = new World();
    const { stream, wire } = world.stream(world.tokens.issue('ann'));
    await stream.receive(FRAMING_OPEN);
    const pending = stream.receive(AUTH);
    await stream.receive(FRAMING_OPEN);
    await pending;
    expect(wire.closedWith).toBe(1008);
    expect(wire.sent.some((text) => text.startsWith('<success'))).toBe(false);
  });

  it('H-1 without a valid token a stream is refused in the form whose text lib-jitsi-meet shows', async () => {
    const world = new World();
    for (const token of [null, 'made-up']) {
      const { stream, wire } = world.stream(token);
      await stream.receive(FRAMING_OPEN);
      await stream.receive(AUTH);
      expect(wire.last).toMatch(/<failure.*><not-allowed\/><text>(.*)<\/text><\/failure>/);
      expect(wire.closedWith).toBe(1008);
    }
  });

  it('H-1 a mechanism other than ANONYMOUS is refused', async () => {
    const world = new World();
    const { stream, wire } = world.stream(world.tokens.issue('ann'));
    await stream.receive(FRAMING_OPEN);
    await stream.receive(AUTH.replace('ANONYMOUS', 'PLAIN'));
    expect(wire.last).toContain('<invalid-mechanism/>');
    expect(wire.closedWith).toBe(1008);
  });

  it('H-3 a token authenticates one session, however many attempts come at once', async () => {
    const world = new World();
    const token = world.tokens.issue('ann');
    const streams = await Promise.all([1, 2, 3].map(() => world.authenticated(token)));
    expect(streams.filter(({ wire }) => wire.sent.some((text) => text.startsWith('<success')))).toHaveLength(1);
  });

  it('H-3 a token whose socket was lost before bind may be used again', async () => {
    const world = new World();
    const token = world.tokens.issue('ann');
    const { stream } = await world.authenticated(token);
    stream.disconnected(0, false);
    expect((await world.bound(token)).stream.session).not.toBeNull();
  });

  it.each(['used', 'expired'])(
    'H-4 with a %s token whose session can be resumed, everything but resume is refused',
    async (kind) => {
      const world = new World();
      const token = world.tokens.issue('ann');
      const first = await world.bound(token);
      await first.stream.receive(ENABLE);
      first.stream.disconnected(0, false);
      if (kind === 'expired') world.tokens.expire(token);
      const binding = await world.authenticated(token);
      await binding.stream.receive(BIND);
      expect(binding.wire.sent.some((text) => text.includes('<not-allowed '))).toBe(true);
      expect(binding.wire.closedWith).toBe(1008);
      const resuming = await world.authenticated(token);
      await resuming.stream.receive(resume(world.previd(first.wire), 0));
      expect(resuming.stream.session).toBe(world.directory.sessions[Symbol.iterator]().next().value);
    },
  );

  it('H-4 another token cannot resume a session, even with its id', async () => {
    const world = new World();
    const first = await world.bound(world.tokens.issue('ann'));
    await first.stream.receive(ENABLE);
    const thief = await world.authenticated(world.tokens.issue('mallory'));
    await thief.stream.receive(resume(world.previd(first.wire)));
    expect(thief.wire.last).toContain('<failed ');
    expect(thief.stream.session).toBeNull();
  });

  it('H-4 the right token with another id resumes no session', async () => {
    const world = new World();
    const token = world.tokens.issue('ann');
    const first = await world.bound(token);
    await first.stream.receive(ENABLE);
    for (const previd of ['', 'guess', `${world.previd(first.wire)}x`]) {
      const again = await world.authenticated(token);
      await again.stream.receive(resume(previd));
      expect(again.wire.last).toContain('<failed ');
      expect(again.stream.session).toBeNull();
    }
    expect(first.wire.closedWith).toBeNull();
  });

  it('H-5 resuming replays unacknowledged stanzas in order, and counts handled ones', async () => {
    const world = new World();
    const token = world.tokens.issue('ann');
    const first = await world.bound(token);
    await first.stream.receive(ENABLE);
    await first.stream.receive(PING);
    const session = world.stanzas[0]?.[0];
    for (const id of ['one', 'two']) session?.send(xml('message', { id }));
    first.stream.disconnected(0, false);
    session?.send(xml('message', { id: 'three' }));
    const second = await world.authenticated(token);
    await second.stream.receive(resume(world.previd(first.wire), 1));
    const after = second.wire.sent.slice(second.wire.sent.findIndex((text) => text.startsWith('<resumed')));
    expect(after[0]).toContain('h="1"');
    expect(after.slice(1).map((text) => /id="(\w+)"/.exec(text)?.[1])).toEqual(['two', 'three']);
  });

  it('H-5 an impossible acknowledgement closes the stream', async () => {
    const world = new World();
    for (const h of ['-1', '1.5', '7', 'x', '99999999999999999999']) {
      const { stream, wire } = await world.bound(world.tokens.issue('ann'));
      await stream.receive(ENABLE);
      await stream.receive(`<a xmlns="urn:xmpp:sm:3" h="${h}"/>`);
      expect(wire.closedWith).toBe(1008);
    }
  });

  it('H-6 a lost session ends when the resume window closes, counted from the last sign of life', async () => {
    const world = new World();
    const { stream } = await world.bound(world.tokens.issue('ann'));
    await stream.receive(ENABLE);
    world.clock.advance(8_000);
    stream.disconnected(0, false);
    world.clock.advance(6_999);
    world.directory.sweep();
    expect(world.directory.size).toBe(1);
    world.clock.advance(1);
    world.directory.sweep();
    expect(world.directory.size).toBe(0);
  });

  it('H-6 a session ends at once when it closes its stream, when its page goes away, and without stream management', async () => {
    const world = new World();
    const closing = await world.bound(world.tokens.issue('ann'));
    await closing.stream.receive(ENABLE);
    await closing.stream.receive('<close xmlns="urn:ietf:params:xml:ns:xmpp-framing"/>');
    expect(closing.wire.sent).toContain('<close xmlns="urn:ietf:params:xml:ns:xmpp-framing" />');
    const leaving = await world.bound(world.tokens.issue('ben'));
    await leaving.stream.receive(ENABLE);
    leaving.stream.disconnected(0, true);
    const plain = await world.bound(world.tokens.issue('cid'));
    plain.stream.disconnected(0, false);
    expect(world.directory.size).toBe(0);
  });

  it('H-6 a session that hoards stanzas without acknowledging any is ended', async () => {
    const world = new World();
    const { stream } = await world.bound(world.tokens.issue('ann'));
    await stream.receive(ENABLE);
    for (let i = 0; i <= HUB_LIMITS.unacknowledgedStanzasMax; i += 1) stream.session?.send(xml('message'));
    world.directory.sweep();
    expect(world.directory.size).toBe(0);
  });

  it('H-11 H-40 no sequence of frames makes a stream throw or leaves a session behind', async () => {
    const frame = fc.oneof(
      fc.constantFrom(
        FRAMING_OPEN,
        AUTH,
        BIND,
        ENABLE,
        PING,
        resume('x'),
        '<r xmlns="urn:xmpp:sm:3"/>',
        '<a xmlns="urn:xmpp:sm:3" h="0"/>',
      ),
      anyText(),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(frame, { maxLength: 12 }), async (frames) => {
        const world = new World();
        const { stream, wire } = world.stream(world.tokens.issue('ann'));
        for (const text of frames) await stream.receive(text);
        stream.disconnected(0, true);
        expect(world.directory.size).toBe(0);
        expect(wire.sent.join('')).not.toContain('undefined');
      }),
    );
  });
});
