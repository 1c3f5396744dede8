import { randomBytes } from 'node:crypto';
import type { MediaLink } from './mediaContract';

/** The media connection of data-only mode: credentials that lead nowhere, and no candidate to try them on. */
export function createNullMediaLink(): MediaLink {
  const nothing = () => {};
  return {
    local: {
      ufrag: randomBytes(4).toString('hex'),
      password: randomBytes(16).toString('hex'),
      fingerprint: { hash: 'sha-256', value: inventedFingerprint() },
      setup: 'actpass',
      candidates: [],
    },
    setRemote: nothing,
    addCandidate: nothing,
    setSources: nothing,
    close: nothing,
  };
}

function inventedFingerprint(): string {
  return Array.from(randomBytes(32), (byte) => byte.toString(16).padStart(2, '0').toUpperCase()).join(':');
}
