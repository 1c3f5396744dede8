import { randomUUID } from 'node:crypto';
import { SignJWT } from 'jose';
import type { Clock } from '@/lib/core/clock';
import type { MeetingRole } from '@/lib/core/meeting';

/** How long a join token admits: long enough for a slow first load, short enough to be worth little when leaked. */
export const JOIN_TOKEN_LIFE_S = 300;

/** The other side's clock may be behind by this much. */
const SKEW_S = 10;

/** Who signs a token, for whom. */
export interface TokenAuthority {
  /** `iss`: the app's id. */
  readonly issuer: string;
  /** `aud`, checked explicitly by whoever admits. */
  readonly audience: string;
  /** `sub`: the XMPP domain. */
  readonly subject: string;
  readonly secret: string;
}

/** What the embedded hub trusts; the secret is the site's own. */
export function hubAuthority(secret: string, xmppDomain: string): TokenAuthority {
  return { issuer: 'parley', audience: 'parley', subject: xmppDomain, secret };
}

/** Whom a join token names. */
export interface TokenBearer {
  readonly room: string;
  readonly personId: string;
  readonly name: string;
  readonly role: MeetingRole;
}

/** The private claim that carries what Jitsi has no word for. */
export interface ParleyClaim {
  readonly role: MeetingRole;
}

/**
 * A join token (JWT, HS256) in the form of Prosody's mod_auth_token, as in `doc/tokens.md` of lib-jitsi-meet: the hub
 * and a deployment get the same. Values of `context.user` are strings, as that plugin asks.
 */
export function issueJoinToken(authority: TokenAuthority, bearer: TokenBearer, clock: Clock): Promise<string> {
  const nowS = Math.floor(clock.nowMs() / 1000);
  const parley: ParleyClaim = { role: bearer.role };
  // Nobody is made a moderator of the conference: ending a meeting is the API's business.
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
