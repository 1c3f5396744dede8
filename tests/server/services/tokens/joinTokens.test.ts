import * as fc from 'fast-check';
import { decodeJwt, decodeProtectedHeader, SignJWT, UnsecuredJWT } from 'jose';
import { describe, expect, it } from 'vitest';
import { createVerifier, hubAuthority, issueJoinToken, type TokenAuthority } from '@/server/services/tokens/joinTokens';
import { ManualClock } from '@/tests/support/manualClock';

const START_MS = Date.UTC(2030, 0, 1);
const authority = hubAuthority('a secret of the site, long enough', 'parley.local');
const bearer = { room: 'weekly', personId: 'p1', stayId: 's1', name: 'Ada', role: 'spectator' } as const;

function desk(clock = new ManualClock(START_MS)) {
  return { clock, admission: createVerifier(authority, clock) };
}

const issued = (changes: Partial<TokenAuthority> = {}) =>
  issueJoinToken({ ...authority, ...changes }, bearer, new ManualClock(START_MS));

describe('join tokens', () => {
  it("join tokens have the form of Prosody's mod_auth_token", async () => {
    const app = { issuer: 'app', audience: 'app', subject: 'meet.jitsi', secret: 'app secret' };
    const token = await issueJoinToken(app, bearer, new ManualClock(START_MS));
    expect(decodeProtectedHeader(token)).toEqual({ alg: 'HS256', typ: 'JWT' });
    const claims = decodeJwt(token);
    expect(claims).toEqual({
      iss: 'app',
      aud: 'app',
      sub: 'meet.jitsi',
      room: 'weekly',
      iat: START_MS / 1000,
      nbf: START_MS / 1000 - 10,
      exp: START_MS / 1000 + 300,
      jti: expect.stringMatching(/^[0-9a-f-]{36}$/),
      context: { user: { id: 'p1', name: 'Ada', affiliation: 'member', moderator: 'false' } },
      parley: { role: 'spectator', stay: 's1' },
    });
  });

  it('each join token has its own id', async () => {
    expect(decodeJwt(await issued()).jti).not.toBe(decodeJwt(await issued()).jti);
  });
});

describe('admission', () => {
  it('a token admits its bearer to its conference', async () => {
    const token = await issued();
    expect(await desk().admission.verify(token)).toEqual({
      ok: true,
      admitted: { ...bearer, tokenId: decodeJwt(token).jti },
    });
  });

  it('an expired token still names its bearer', async () => {
    const { admission, clock } = desk();
    const token = await issued();
    clock.advance(300_000);
    expect(await admission.verify(token)).toEqual({
      ok: false,
      reason: 'tokenExpired',
      fault: { kind: 'expired', sinceS: 0, lifeS: 300 },
      admitted: { ...bearer, tokenId: decodeJwt(token).jti },
    });
  });

  it.each([
    ['another secret', { secret: 'somebody else made this one' }, { kind: 'signature' }],
    ['another audience', { audience: 'elsewhere' }, { kind: 'audience' }],
    ['another issuer', { issuer: 'elsewhere' }, { kind: 'issuer' }],
    ['another domain', { subject: 'elsewhere' }, undefined],
  ])('a token of %s is refused, expired or not, and what is wrong is named', async (_, changes, fault) => {
    const { admission, clock } = desk();
    const token = await issued(changes);
    const refused = { ok: false, reason: 'tokenInvalid', ...(fault && { fault }) };
    expect(await admission.verify(token)).toEqual(refused);
    clock.advance(600_000);
    expect(await admission.verify(token)).toEqual(refused);
  });

  it('a token that is not valid yet is refused', async () => {
    const { admission, clock } = desk(new ManualClock(START_MS - 60_000));
    const token = await issued();
    expect(await admission.verify(token)).toEqual({ ok: false, reason: 'tokenInvalid', fault: { kind: 'notYet' } });
    clock.advance(60_000);
    expect((await admission.verify(token)).ok).toBe(true);
  });

  it('a missing token, an unsigned one and another algorithm are refused', async () => {
    const claims = decodeJwt(await issued());
    const { admission } = desk();
    const longer = await new SignJWT(claims)
      .setProtectedHeader({ alg: 'HS512' })
      .sign(new TextEncoder().encode(authority.secret.padEnd(64, 'x')));
    for (const token of ['', new UnsecuredJWT(claims).encode(), longer]) {
      expect(await admission.verify(token)).toEqual({ ok: false, reason: 'tokenInvalid' });
    }
    expect(await admission.verify(null)).toEqual({ ok: false, reason: 'tokenInvalid', fault: { kind: 'missing' } });
  });

  it.each([
    ['room', { kind: 'room' }],
    ['aud', { kind: 'audience' }],
    ...['jti', 'exp', 'context', 'parley'].map((claim) => [claim, undefined] as const),
  ] as const)('a genuine token without %s is refused', async (claim, fault) => {
    const { [claim]: _, ...claims } = decodeJwt(await issued());
    const token = await new SignJWT(claims)
      .setProtectedHeader({ alg: 'HS256' })
      .sign(new TextEncoder().encode(authority.secret));
    const refused = { ok: false, reason: 'tokenInvalid', ...(fault && { fault }) };
    expect(await desk().admission.verify(token)).toEqual(refused);
  });

  it('any text and any token with a changed letter are refused', async () => {
    const { admission } = desk();
    const token = await issued();
    await fc.assert(
      fc.asyncProperty(fc.string(), fc.nat(token.length - 2), async (text, at) => {
        const letter = token[at] === 'A' ? 'B' : 'A';
        const changed = token.slice(0, at) + letter + token.slice(at + 1);
        expect((await admission.verify(text)).ok).toBe(false);
        expect((await admission.verify(changed)).ok).toBe(false);
      }),
    );
  });
});
