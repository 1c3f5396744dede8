import { describe, expect, it } from 'vitest';
import { connect, lose, pass, type Script, type ScriptedTransport, withTransport } from './linkWorld';

let script: Script;
let transport: ScriptedTransport;

/** What `media` has reported so far. */
function watchMedia(): string[] {
  const told: string[] = [];
  transport.events.on('media', ({ state, udpPort }) => told.push(`${state} ${udpPort}`));
  return told;
}

describe('media over replaceable links', () => {
  withTransport((fresh) => {
    transport = fresh;
    script = fresh.script;
  });

  it('T-70 media that is not connected within ten seconds is blocked, which the others are told once', async () => {
    const told = watchMedia();
    await connect(transport);
    script.mediaPhase = 'connecting';
    script.mediaPort = 10_000;
    await pass(9_500);
    expect([told, transport.mediaPath.state]).toEqual([[], 'connecting']);
    await pass(60_000);
    expect(told).toEqual(['blocked 10000']);
    expect(transport.latest.unheardSaid).toEqual([true]);
    expect(transport.state).toBe('live');
  });

  it('T-70 a media connection that fails is blocked at once', async () => {
    const told = watchMedia();
    await connect(transport);
    script.mediaPhase = 'failed';
    await pass(300);
    expect(told).toEqual(['blocked null']);
  });

  it('T-71 blocked media stays blocked over fresh sessions and links until it comes through', async () => {
    const told = watchMedia();
    await connect(transport);
    script.mediaPhase = 'failed';
    await pass(300);
    for (const phase of ['none', 'connecting', 'none', 'connecting', 'failed'] as const) {
      script.mediaPhase = phase;
      await pass(7_000);
    }
    script.mediaPhase = 'connecting';
    lose(transport);
    await pass(1_000);
    expect(transport.links).toHaveLength(2);
    expect(transport.latest.unheardSaid).toEqual([true]);
    expect(told).toEqual(['blocked null']);
    script.mediaPhase = 'connected';
    await pass(300);
    expect(told).toEqual(['blocked null', 'through null']);
    expect(transport.latest.unheardSaid).toEqual([true, false]);
  });

  it('T-71 sessions that end before ten seconds are over count together, so that offers without end hide nothing', async () => {
    const told = watchMedia();
    await connect(transport);
    for (let offer = 0; offer < 3; offer += 1) {
      script.mediaPhase = 'connecting';
      await pass(5_000);
      script.mediaPhase = 'none';
      await pass(1_000);
    }
    expect(told).toEqual(['blocked null']);
  });

  it('T-72 a break of media is no news before ten seconds, and media without a session is not known', async () => {
    const told = watchMedia();
    await connect(transport);
    script.mediaPhase = 'connected';
    await pass(300);
    script.mediaPhase = 'connecting';
    await pass(9_000);
    script.mediaPhase = 'connected';
    await pass(300);
    script.mediaPhase = 'connecting';
    await pass(9_000);
    expect(told).toEqual(['through null']);
    script.mediaPhase = 'none';
    await pass(60_000);
    expect(told).toEqual(['through null', 'connecting null']);
  });

  it('T-24 an endpoint that media does not come through to is known until it comes through or leaves', async () => {
    const told: string[] = [];
    transport.events.on('unheard', ({ endpoint, isUnheard }) => told.push(`${endpoint.personId} ${isUnheard}`));
    await connect(transport);
    transport.latest.events.onUnheard('b0b', true);
    transport.latest.events.onUnheard('nobody', true);
    expect([...transport.unheard]).toEqual(['b0b']);
    transport.latest.events.onUnheard('b0b', false);
    transport.latest.events.onUnheard('b0b', true);
    transport.latest.events.onLeft('b0b');
    expect([...transport.unheard]).toEqual([]);
    expect(told).toEqual(['bob true', 'bob false', 'bob true', 'bob false']);
  });
});
