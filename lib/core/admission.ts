import type { MeetingRole } from '@/lib/core/meeting';

/** What a join token vouches for. */
export interface Admitted {
  /** Local part of the one MUC room that this token opens, in lower case. */
  readonly room: string;
  readonly personId: string;
  /** The stay that the token was issued for: it admits as long as that lasts. */
  readonly stayId: string;
  /** The name shown to the others, already cleaned. */
  readonly name: string;
  readonly role: MeetingRole;
  /** The token's own id (`jti`); it authenticates one session. */
  readonly tokenId: string;
}

/** What is wrong with a token. */
export type TokenFault =
  | { readonly kind: 'missing' | 'signature' | 'notYet' | 'issuer' | 'audience' | 'room' }
  /** Seconds since it expired, and from its issue to its expiry. */
  | { readonly kind: 'expired'; readonly sinceS: number; readonly lifeS: number };

/** A refusal carries `admitted` if only the expiry is wrong: such a token may still resume its session. */
export type AdmissionResult =
  | { readonly ok: true; readonly admitted: Admitted }
  | {
      readonly ok: false;
      readonly reason: 'tokenInvalid' | 'tokenExpired';
      readonly fault?: TokenFault;
      readonly admitted?: Admitted;
    };

/** A session in the hub, by its stay. */
export interface Presence extends Pick<Admitted, 'room' | 'stayId'> {
  /** Milliseconds since its client last answered; infinite while it has no socket. */
  readonly heardAgoMs: number;
}

/** Decides who may be in the hub; the hub knows nothing else about tokens and stays. */
export interface Admission {
  /** Verifies a join token. A rejected promise counts as `tokenInvalid`. */
  verify(token: string | null): Promise<AdmissionResult>;
  /** Looks at everybody who is there and returns the ids of the stays that are over. Rejects if that can't be known now. */
  review(present: readonly Presence[]): Promise<readonly string[]>;
}
