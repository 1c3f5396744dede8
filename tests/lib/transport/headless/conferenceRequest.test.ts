import { parse } from 'ltx';
import { describe, expect, it } from 'vitest';
import { ConferenceRequest } from '@/lib/transport/headless/conferenceRequest';
import { attrOf, type Element, NS, xml } from '@/lib/transport/headless/element';
import { capturedText, NO_CAPTURES } from '@/tests/support/capturedFrames';

const ADDRESS = { focusDomain: 'focus.d', roomJid: 'tavern@muc.d' };

/** An error as @xmpp/client raises it. */
function stanzaError(condition: string, text = '', application?: Element): Error {
  return Object.assign(new Error(condition), { condition, text, application });
}

/** A focus that gives these answers, one after the other, and repeats the last one. */
function scripted(...answers: readonly (Element | Error)[]) {
  const asked: Element[] = [];
  const ask = async (_to: string, payload: Element) => {
    const answer = answers[Math.min(asked.length, answers.length - 1)];
    asked.push(payload);
    if (answer instanceof Error) throw answer;
    return answer;
  };
  return { asked, ask };
}

function ready(attrs: Readonly<Record<string, string>> = {}): Element {
  return xml('conference', { xmlns: NS.focus, ready: 'true', ...attrs });
}

/** A focus that checks tokens itself, as Jicofo's XMPPDomainAuthAuthority does. */
class CheckingFocus {
  readonly sessions = new Map<string, string>();
  readonly ask = async (_to: string, { attrs }: Element): Promise<Element> => {
    const [machine, session] = [String(attrs['machine-uid'] ?? ''), attrs['session-id']];
    if (typeof session === 'string' && !this.sessions.has(session)) {
      throw stanzaError('not-acceptable', 'invalid session', xml('session-invalid', { xmlns: NS.focus }));
    }
    if (typeof session === 'string' && this.sessions.get(session) !== machine) {
      throw stanzaError('not-acceptable', 'machine UID mismatch or empty');
    }
    if (machine === '') throw stanzaError('not-acceptable', "Missing mandatory attribute 'machine-uid'");
    const id = typeof session === 'string' ? session : `s${this.sessions.size + 1}`;
    this.sessions.set(id, machine);
    return ready({ 'session-id': id });
  };
}

describe('the request to enter a conference', () => {
  it('T-80 a focus that checks tokens itself lets a headless transport in', async () => {
    const focus = new CheckingFocus();
    await new ConferenceRequest().send(focus.ask, ADDRESS);
    expect([...focus.sessions.values()]).toEqual([expect.stringMatching(/^[0-9a-f]{32}$/)]);
  });

  it('T-80 the requests of one transport name the same machine and the session it was given', async () => {
    const { asked, ask } = scripted(ready({ 'session-id': 's1' }));
    const request = new ConferenceRequest();
    for (let k = 0; k < 3; k += 1) await request.send(ask, ADDRESS);
    expect(new Set(asked.map((each) => attrOf(each, 'machine-uid'))).size).toBe(1);
    expect(asked.map((each) => each.attrs['session-id'])).toEqual([undefined, 's1', 's1']);
    expect(asked.map((each) => attrOf(each, 'room'))).toEqual(Array(3).fill(ADDRESS.roomJid));
  });

  it('T-80 two transports are two machines', async () => {
    const { asked, ask } = scripted(ready());
    for (let k = 0; k < 2; k += 1) await new ConferenceRequest().send(ask, ADDRESS);
    expect(new Set(asked.map((each) => attrOf(each, 'machine-uid'))).size).toBe(2);
  });

  it('T-80 a session that the focus has forgotten is given up at once', async () => {
    const focus = new CheckingFocus();
    const request = new ConferenceRequest();
    await request.send(focus.ask, ADDRESS);
    focus.sessions.clear();
    await request.send(focus.ask, ADDRESS);
    await request.send(focus.ask, ADDRESS);
    expect(focus.sessions.size).toBe(1);
  });

  it('T-80 a focus is asked again while it is not ready, and once more without a session', {
    timeout: 10_000,
  }, async () => {
    const { asked, ask } = scripted(xml('conference', { ready: 'false', 'session-id': 's1' }), ready());
    await new ConferenceRequest().send(ask, ADDRESS);
    expect(asked.map((each) => each.attrs['session-id'])).toEqual([undefined, 's1']);
    const never = scripted(stanzaError('not-acceptable', 'invalid session'));
    await expect(new ConferenceRequest().send(never.ask, ADDRESS)).rejects.toMatchObject({ reason: 'notAllowed' });
    expect(never.asked).toHaveLength(1);
  });

  it.each([
    ['notAllowed', 'focus', 'not-acceptable', "Missing mandatory attribute 'machine-uid'"],
    ['notAllowed', 'focus', 'not-authorized', 'not authorized user domain'],
    ['unreachable', null, 'service-unavailable', 'User session not found'],
    ['unreachable', null, 'internal-server-error', 'Room could not be joined'],
  ])(
    'T-84 a focus that answers as %s (%s, %s) is quoted, and no token is blamed',
    async (reason, refusal, condition, text) => {
      const { ask } = scripted(stanzaError(condition, text));
      const error = await new ConferenceRequest().send(ask, ADDRESS).catch((each: unknown) => each);
      expect(error).toMatchObject({ reason, refusal, detail: text, message: expect.stringContaining(text) });
      expect(String(error)).not.toMatch(/token/i);
    },
  );

  it('T-80 the request has the attributes of the one that Jicofo took from lib-jitsi-meet', async ({ skip }) => {
    const log = capturedText('jwt-page.frames.log');
    if (!log) return skip(NO_CAPTURES);
    const theirs = parse(/<conference .*?<\/conference>/.exec(log)![0]);
    const answer = parse(/< <iq.*(<conference session-id=.*<\/conference>)/.exec(log)![1]!) as unknown as Element;
    const { asked, ask } = scripted(answer);
    const request = new ConferenceRequest();
    for (let k = 0; k < 2; k += 1) await request.send(ask, ADDRESS);
    const [first, second] = asked;
    expect(attrOf(first, 'machine-uid')).toHaveLength(theirs.attrs['machine-uid']!.length);
    expect(attrOf(second, 'session-id')).toBe(attrOf(answer, 'session-id'));
    const known = new Set(Object.keys(theirs.attrs));
    expect(Object.entries(first!.attrs).filter(([name, value]) => value !== undefined && !known.has(name))).toEqual([]);
  });
});
