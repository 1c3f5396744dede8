import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { jitterNetwork, type Network, parseTrace, traceNetwork, wifiNetwork } from '@/tools/bench/playout/networks';

const sent = Array.from({ length: 60 * 30 }, (_, k) => Math.round((k * 1000) / 30));
const delaysOf = (network: Network, seed: number) => network.arrivals(sent, seed).map((ms, k) => ms - sent[k]!);

describe('the networks', () => {
  it.each([jitterNetwork, wifiNetwork, traceNetwork([40, 90, 20])])('network $name keeps the order', (network) => {
    const arrivals = network.arrivals(sent, 7);
    expect(arrivals).toEqual([...arrivals].sort((a, b) => a - b));
    expect(network.arrivals(sent, 7)).toEqual(arrivals);
    expect(network.arrivals(sent, 8)).not.toEqual(arrivals);
  });

  it('network jitter takes 30 to 70 ms', () => {
    const delays = delaysOf(jitterNetwork, 1);
    expect(Math.min(...delays)).toBeGreaterThanOrEqual(30);
    expect(Math.max(...delays)).toBeLessThanOrEqual(70);
    expect(delays.reduce((sum, ms) => sum + ms, 0) / delays.length).toBeCloseTo(50, -1);
  });

  it('network wifi stalls about 14 times a minute, for 200 to 400 ms', () => {
    let stalls = 0;
    let longest = 0;
    for (let seed = 0; seed < 10; seed += 1) {
      const delays = delaysOf(wifiNetwork, seed);
      stalls += delays.filter((ms, k) => ms > 150 && !(delays[k - 1]! > 150)).length;
      longest = Math.max(longest, ...delays);
    }
    expect(stalls / 10).toBeGreaterThan(10);
    expect(stalls / 10).toBeLessThan(18);
    expect(longest).toBeGreaterThan(300);
    expect(longest).toBeLessThan(501);
  });

  it('a trace starts again at its end', () => {
    expect(traceNetwork([10, 20]).arrivals([0, 100, 200], 0)).toEqual([10, 120, 210]);
    expect(traceNetwork([10, 20]).meanMs).toBe(15);
  });
});

describe('a trace file', () => {
  it('a trace file has one delay per line, and may have comments and empty lines', () => {
    expect(parseTrace('# from a train\r\n12\n\n 40.5 \n')).toEqual([12, 40.5]);
  });

  it.each([
    ['12\nfast\n', 'Line 2 of the trace must be a delay from 0 to 60000 ms; it is "fast".'],
    ['-1', 'Line 1'],
    ['1e9', 'Line 1'],
    ['# nothing\n', 'The trace has no delays'],
  ])('the trace file %j is refused with the line', (text, message) => {
    expect(() => parseTrace(text)).toThrow(message);
  });

  it('any text is either a trace of valid delays or refused with a sentence', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        try {
          expect(parseTrace(text).every((ms) => ms >= 0 && ms <= 60_000)).toBe(true);
        } catch (error) {
          expect((error as Error).message).toMatch(/trace/);
        }
      }),
    );
  });
});
