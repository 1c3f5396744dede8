import { errors, type JWTPayload, jwtVerify } from 'jose';
import { z } from 'zod';
import type { Admission, AdmissionResult, Admitted } from '@/lib/core/admission';
import type { Clock } from '@/lib/core/clock';
import type { TokenAuthority } from '@/server/services/joinTokens';

const claims = z.object({
  room: z.string().min(1),
  jti: z.string().min(1),
  context: z.object({ user: z.object({ id: z.string().min(1), name: z.string() }) }),
  parley: z.object({ role: z.enum(['participant', 'spectator']) }),
});

const INVALID: AdmissionResult = { ok: false, reason: 'tokenInvalid' };

function readClaims(payload: JWTPayload): Admitted | null {
  const read = claims.safeParse(payload);
  if (!read.success) return null;
  const { room, jti, context, parley } = read.data;
  return { room, personId: context.user.id, name: context.user.name, role: parley.role, tokenId: jti };
}

function refusal(error: unknown): AdmissionResult {
  // jose checks signature, issuer, audience and subject before the expiry: those were right.
  const admitted = error instanceof errors.JWTExpired ? readClaims(error.payload) : null;
  return admitted ? { ok: false, reason: 'tokenExpired', admitted } : INVALID;
}

/** Admits the bearers of tokens that `authority` signed: HS256 only, issuer, audience and subject as named there. */
export function createAdmission(authority: TokenAuthority, clock: Clock): Admission {
  const secret = new TextEncoder().encode(authority.secret);
  const { issuer, audience, subject } = authority;
  const checks = { algorithms: ['HS256'], issuer, audience, subject, requiredClaims: ['exp', 'jti', 'aud'] };
  return {
    async verify(token) {
      if (token === null) return INVALID;
      try {
        const { payload } = await jwtVerify(token, secret, { ...checks, currentDate: new Date(clock.nowMs()) });
        const admitted = readClaims(payload);
        return admitted ? { ok: true, admitted } : INVALID;
      } catch (error) {
        return refusal(error);
      }
    },
  };
}
