import { describe, expect, it } from 'vitest';
import { focusRefused, loginRefused, loginUnanswered, roomRefused, unreachable } from '@/lib/transport/refusals';
import { capturedText, NO_CAPTURES } from '@/tests/support/capturedFrames';

/** Texts of Prosody's token modules, of several years. */
const TEXTS = [
  ['signature', 'Invalid signature', /JITSI_APP_SECRET/],
  ['issuer', "invalid 'iss' claim", /JITSI_APP_ID/],
  ['issuer', "Invalid issuer ('iss' claim)", /JITSI_APP_ID/],
  ['audience', "invalid 'aud' claim", /JITSI_JWT_AUDIENCE/],
  ['audience', "'aud' claim is missing", /JITSI_JWT_AUDIENCE/],
  ['expired', 'Not acceptable by exp (32.0 sec since expired, valid for:300.0 sec)', /expired/],
  ['notYetValid', 'Not acceptable by nbf', /clocks/],
  ['tokenRequired', 'token required', /JITSI_APP_ID and JITSI_APP_SECRET/],
  ['room', "'room' claim is missing", /room/],
  ['room', 'Room and token mismatched', /room/],
  ['membersOnly', 'registration-required', /lobby/],
  ['other', 'could not obtain public key', /refused to let/],
] as const;

describe('what a server refuses', () => {
  it.each(TEXTS)('T-84 %s is read from "%s"', (refusal, text, sentence) => {
    const error = loginRefused(text);
    expect(error).toMatchObject({ reason: 'notAllowed', refusal, detail: text });
    expect(error.message).toMatch(sentence);
    expect(error.message).toContain(`"${text}"`);
  });

  it('T-84 each refusal has a sentence of its own', () => {
    const sentences = new Map(
      TEXTS.map(([refusal, text]) => [refusal, loginRefused(text).message.split(' The server')[0]]),
    );
    const all = [...sentences.values(), loginUnanswered().message, focusRefused('').message];
    expect(new Set(all).size).toBe(all.length);
  });

  it('T-84 a text that still has its entities is shown without them, on one line and not at any length', () => {
    expect(loginRefused('invalid &apos;iss&apos;\n  claim')).toMatchObject({
      refusal: 'issuer',
      detail: "invalid 'iss' claim",
    });
    expect(loginRefused('&amp;lt;').detail).toBe('&lt;');
    expect(loginRefused('x'.repeat(10_000)).message.length).toBeLessThan(400);
  });

  it('T-84 a refusal without a text puts nothing into the mouth of the server, and blames no token', () => {
    for (const error of [
      loginRefused(''),
      roomRefused(''),
      focusRefused(''),
      unreachable('Away.'),
      loginUnanswered(),
    ]) {
      expect(error.message).not.toMatch(/says|token/);
      expect(error.detail).toBe('');
    }
  });

  it('T-84 what may pass by itself is no refusal', () => {
    for (const text of ['Room does not exist', 'Room creation is restricted']) {
      expect(roomRefused(text)).toMatchObject({ reason: 'unreachable', refusal: null, detail: text });
    }
    expect(unreachable('The focus is away.', 'Gone.')).toMatchObject({
      reason: 'unreachable',
      refusal: null,
      message: 'The focus is away. The server says: "Gone."',
    });
    expect(loginUnanswered()).toMatchObject({ reason: 'unreachable', refusal: 'unanswered' });
  });

  it('T-84 every refusal of a real Prosody is understood', ({ skip }) => {
    const log = capturedText('refusals.txt');
    if (!log) return skip(NO_CAPTURES);
    const read = new Map<string, string | null>();
    for (const part of log.split(/^== /m).slice(1)) {
      const text = /<failure [^>]*>.*<text>(.*)<\/text>/.exec(part)?.[1];
      if (text !== undefined) read.set(part.split('\n')[0]!, loginRefused(text).refusal);
    }
    expect(Object.fromEntries(read)).toEqual({
      'wrong secret': 'signature',
      expired: 'expired',
      'not before, in 60 s': 'notYetValid',
      'wrong issuer': 'issuer',
      'wrong audience': 'audience',
      'no token': 'tokenRequired',
    });
  });
});
