import type { MeetingRole } from '@/lib/core/meeting';

/** What a join token vouches for. */
export interface Admitted {
  /** Local part of the one MUC room that this token opens, in lower case. */
  readonly room: string;
  readonly personId: string;
  /** The name shown to the others, already cleaned. */
  readonly name: string;
  readonly role: MeetingRole;
  /** The token's own id (`jti`); it authenticates one session. */
  readonly tokenId: string;
}

/** A refusal carries `admitted` if only the expiry is wrong: such a token may still resume its session. */
export type AdmissionResult =
  | { readonly ok: true; readonly admitted: Admitted }
  | { readonly ok: false; readonly reason: 'tokenInvalid' | 'tokenExpired'; readonly admitted?: Admitted };

/** Verifies join tokens; the hub knows nothing else about them. A rejected promise counts as `tokenInvalid`. */
export interface Admission {
  verify(token: string | null): Promise<AdmissionResult>;
}
