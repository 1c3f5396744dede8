import { randomUUID } from 'node:crypto';
import { errors, type JWTPayload, jwtVerify, SignJWT } from 'jose';
import { z } from 'zod';
import type { Admission, AdmissionResult, Admitted, TokenFault } from '@/lib/core/admission';
import type { Clock } from '@/lib/core/clock';
import type { MeetingRole } from '@/lib/core/meeting';

/** How long a join token admits: long enough for a slow first load, short enough to be worth little when leaked. */
const JOIN_TOKEN_LIFE_S = 300;

/** The other side's clock may be behind by this much. */
const SKEW_S = 10;

/** Who signs join tokens, and for whom. */
export interface TokenAuthority {
  /** `iss`: the app's id. */
  readonly issuer: string;
  /** `aud`, which the admitting side checks explicitly. */
  readonly audience: string;
  /** `sub`: the XMPP domain. */
  readonly subject: string;
  readonly secret: string;
}

/** What the embedded hub trusts; the secret is the site's own. */
export function hubAuthority(secret: string, xmppDomain: string): TokenAuthority {
  return { issuer: 'parley', audience: 'parley', subject: xmppDomain, secret };
}

/** The person that a join token names. */
export interface TokenBearer {
  readonly room: string;
  readonly personId: string;
  /** The stay that the token is for. */
  readonly stayId: string;
  readonly name: string;
  readonly role: MeetingRole;
}

/** The private claim for what Jitsi has no claim for. */
interface ParleyClaim {
  readonly role: MeetingRole;
  /** Hash of the stay's token. */
  readonly stay: string;
}

/**
 * A join token (JWT, HS256) in the form of Prosody's mod_auth_token, as in `doc/tokens.md` of lib-jitsi-meet: the hub
 * and a deployment get the same. Values of `context.user` are strings, as that plugin asks.
 */
export function issueJoinToken(authority: TokenAuthority, bearer: TokenBearer, clock: Clock): Promise<string> {
  const nowS = Math.floor(clock.nowMs() / 1000);
  const parley: ParleyClaim = { role: bearer.role, stay: bearer.stayId };
  // No one becomes a moderator of the conference: the API ends meetings.
  const user = { id: bearer.personId, name: bearer.name, affiliation: 'member', moderator: 'false' };
  return new SignJWT({ room: bearer.room, context: { user }, parley })
    .setProtectedHeader({ alg: 'HS256', typ: 'JWT' })
    .setIssuer(authority.issuer)
    .setAudience(authority.audience)
    .setSubject(authority.subject)
    .setIssuedAt(nowS)
    .setNotBefore(nowS - SKEW_S)
    .setExpirationTime(nowS + JOIN_TOKEN_LIFE_S)
    .setJti(randomUUID())
    .sign(new TextEncoder().encode(authority.secret));
}

const claims = z.object({
  room: z.string().min(1),
  jti: z.string().min(1),
  context: z.object({ user: z.object({ id: z.string().min(1), name: z.string() }) }),
  parley: z.object({ role: z.enum(['participant', 'spectator']), stay: z.string().min(1) }),
});

function invalid(fault?: TokenFault): AdmissionResult {
  return { ok: false, reason: 'tokenInvalid', ...(fault && { fault }) };
}

const FAULT_OF_CLAIM: Readonly<Record<string, TokenFault>> = {
  iss: { kind: 'issuer' },
  aud: { kind: 'audience' },
  nbf: { kind: 'notYet' },
};

function readClaims(payload: JWTPayload): Admitted | null {
  const read = claims.safeParse(payload);
  if (!read.success) return null;
  const { room, jti, context, parley } = read.data;
  const { id: personId, name } = context.user;
  return { room, personId, stayId: parley.stay, name, role: parley.role, tokenId: jti };
}

function refusal(error: unknown, nowS: number): AdmissionResult {
  if (error instanceof errors.JWTClaimValidationFailed) return invalid(FAULT_OF_CLAIM[error.claim]);
  if (error instanceof errors.JWSSignatureVerificationFailed) return invalid({ kind: 'signature' });
  // jose checks signature, issuer, audience and subject before the expiry, so those were right.
  const admitted = error instanceof errors.JWTExpired ? readClaims(error.payload) : null;
  if (!admitted || !(error instanceof errors.JWTExpired)) return invalid();
  const { exp = nowS, iat = exp } = error.payload;
  return {
    ok: false,
    reason: 'tokenExpired',
    fault: { kind: 'expired', sinceS: nowS - exp, lifeS: exp - iat },
    admitted,
  };
}

function admission(payload: JWTPayload): AdmissionResult {
  const admitted = readClaims(payload);
  if (admitted) return { ok: true, admitted };
  return invalid(payload['room'] === undefined ? { kind: 'room' } : undefined);
}

/** Admits the bearers of tokens that `authority` signed: HS256 only, with its issuer, audience and subject. */
export function createVerifier(authority: TokenAuthority, clock: Clock): Pick<Admission, 'verify'> {
  const secret = new TextEncoder().encode(authority.secret);
  const { issuer, audience, subject } = authority;
  const checks = { algorithms: ['HS256'], issuer, audience, subject, requiredClaims: ['exp', 'jti', 'aud'] };
  return {
    async verify(token) {
      if (token === null) return invalid({ kind: 'missing' });
      const nowMs = clock.nowMs();
      try {
        const { payload } = await jwtVerify(token, secret, { ...checks, currentDate: new Date(nowMs) });
        return admission(payload);
      } catch (error) {
        return refusal(error, Math.floor(nowMs / 1000));
      }
    },
  };
}
