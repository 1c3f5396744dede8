import { beforeEach } from 'vitest';
import type { SeatedPerson } from '@/lib/core/meeting';
import { EndpointIdentities } from '@/lib/transport/endpointIdentities';
import { ManualClock } from '@/tests/support/manualClock';

type Listed = Pick<SeatedPerson, 'id' | 'endpoint'>;

export const listed = (id: string, endpointId?: string, nonce?: string, occupantId: string | null = null): Listed => ({
  id,
  endpoint: endpointId === undefined ? null : { id: endpointId, occupantId, nonce: nonce ?? `nonce-${id}` },
});

export const ASKED = { parleyClaimAsked: 1 };
export const claim = (nonce: string) => ({ parleyClaim: nonce });

export let clock: ManualClock;
/** What the local endpoint has said, oldest first. */
export let told: Array<{ to: string; payload: unknown }>;
/** Whom the transport was told to be behind which endpoint. */
export let changes: string[];
/** Answers of the API, by endpoint. */
export let answers: Map<string, { resolve(nonce: string | null): void; reject(error: Error): void }>;
export let claims: string[];
export let identities: EndpointIdentities;

/** Gives each test of a file identities of its own, whose API answers when the test says so. */
export function withIdentities(): void {
  beforeEach(() => {
    clock = new ManualClock();
    told = [];
    changes = [];
    claims = [];
    answers = new Map();
    identities = new EndpointIdentities({
      clock,
      claim: ({ endpointId, occupantId }) => {
        claims.push(occupantId === null ? endpointId : `${endpointId} ${occupantId}`);
        return new Promise((resolve, reject) => answers.set(endpointId, { resolve, reject }));
      },
    });
    identities.bind({
      tell: (to, payload) => told.push({ to, payload }),
      onPerson: (endpointId, personId) => changes.push(`${endpointId}=${personId}`),
      onSuperseded: (endpointId, isSuperseded) => changes.push(`${endpointId} ${isSuperseded ? 'superseded' : 'back'}`),
    });
    identities.take([], [], false);
  });
}

export const enter = (endpointId: string, occupantId: string | null = null) =>
  identities.enter({ endpointId, occupantId });
export const settle = () => new Promise((resolve) => setImmediate(resolve));
export const questionsTo = (endpointId: string) =>
  told.filter(({ to, payload }) => to === endpointId && JSON.stringify(payload) === JSON.stringify(ASKED)).length;
export const saidTo = (endpointId: string) =>
  told.flatMap(({ to, payload }) => (to === endpointId && 'parleyClaim' in (payload as object) ? [payload] : []));

/** Ann has the endpoint a1, and both say so. */
export function meetAnn(): void {
  identities.meet('a1', null);
  identities.follow([listed('ann', 'a1')]);
  identities.hear('a1', claim('nonce-ann'));
}
