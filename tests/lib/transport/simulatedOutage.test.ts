import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { seededRandom } from '@/tools/seededRandom';
import { peopleOf, SIGNALLING_AWAY_MS } from '../../contract/transportWorld';
import { pass } from './linkWorld';
import { SimulatedJitsi } from './simulatedJitsi';

const SEEDS = Array.from({ length: 20 }, (_, k) => k + 1);
const PROBE = Uint8Array.of(1, 2, 3);

/** Two people whose XMPP is away for a while. Returns what each has in the end: packets heard since, and the people it knows. */
async function afterOutage(jitsi: SimulatedJitsi): Promise<{ heard: number[]; people: Array<string | null> }> {
  const transports = [jitsi.create('ann'), jitsi.create('bob')];
  const heard = transports.map(() => 0);
  transports.forEach((each, k) => {
    each.events.on('packet', () => {
      heard[k]! += 1;
    });
  });
  const sweep = setInterval(() => jitsi.sweep(), 250);
  const send = setInterval(() => {
    for (const each of transports) each.broadcast(PROBE, PROBE.length);
  }, 100);
  try {
    for (const each of transports) {
      const connecting = each.connect();
      await pass(20_000);
      await connecting;
    }
    jitsi.blockXmpp(SIGNALLING_AWAY_MS);
    await pass(SIGNALLING_AWAY_MS);
    for (let k = 0; k < 100 && transports.some(({ trouble }) => trouble !== 'none'); k += 1) await pass(250);
    heard.fill(0);
    await pass(20_000);
    return { heard, people: transports.flatMap(peopleOf) };
  } finally {
    clearInterval(sweep);
    clearInterval(send);
    for (const each of transports) void each.disconnect();
    await pass(100_000);
  }
}

describe('two people in a simulated conference whose XMPP is away for longer', () => {
  beforeEach(() => {
    vi.useFakeTimers();
  });
  afterEach(() => {
    vi.restoreAllMocks();
    vi.useRealTimers();
  });

  // Steps just shorter than the silence after which a channel counts as dead.
  it.each([
    { name: 'presence names them, and lost sessions go soon', isIdentityEnforced: true, resumeWindowMs: 15_000 },
    { name: 'presence names them, and lost sessions linger', isIdentityEnforced: true, resumeWindowMs: 60_000 },
    { name: 'presence names no one, and lost sessions linger', isIdentityEnforced: false, resumeWindowMs: 60_000 },
  ])(
    'T-56, T-108 hear each other and are here once, however the steps fall: $name',
    async (options) => {
      for (const seed of SEEDS) {
        const random = seededRandom(seed);
        vi.spyOn(Math, 'random').mockImplementation(random);
        const { heard, people } = await afterOutage(new SimulatedJitsi({ ...options, random, stepMaxMs: 1_300 }));
        expect([seed, heard.map((count) => count > 0), people]).toEqual([seed, [true, true], ['bob', 'ann']]);
      }
    },
    120_000,
  );
});
