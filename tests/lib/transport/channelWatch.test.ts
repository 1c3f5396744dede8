import { beforeEach, describe, expect, it } from 'vitest';
import { ChannelLiveness, LIVENESS_TICK_MS } from '@/lib/transport/channelLiveness';
import { ChannelRemedies } from '@/lib/transport/channelRemedies';
import { ChannelWatch } from '@/lib/transport/channelWatch';
import { ManualClock } from '@/tests/support/manualClock';

let clock: ManualClock;
let watch: ChannelWatch;
let told: string[];
let reopens: boolean;
let canRestart: boolean;
let alone: boolean;
let echoes: boolean;
let isAsked: boolean;

/** Lets `ms` pass in ticks. `told` collects what is reported. */
function pass(ms: number): void {
  for (let atMs = 0; atMs < ms && !told.includes('dead'); atMs += LIVENESS_TICK_MS) {
    clock.advance(LIVENESS_TICK_MS);
    watch.tick();
    answer();
  }
}

/** The bridge returns the echo. */
function answer(): void {
  if (isAsked && echoes) watch.heard(true);
  isAsked = false;
}

function begin(unopenedLinks = 0, remedies = new ChannelRemedies(clock)): void {
  const owner = {
    echo: () => {
      isAsked = true;
    },
    reopensChannel: () => reopens,
    canRestart: () => canRestart,
    restart: () => told.push('restart'),
    isAlone: () => alone,
    onTrouble: () => told.push('trouble'),
    onSpeaks: () => told.push('speaks'),
    onDead: () => told.push('dead'),
  };
  watch = new ChannelWatch(owner, new ChannelLiveness(clock), remedies, clock, unopenedLinks);
}

/** An open channel that has answered. */
function speak(): void {
  watch.channel(true);
  answer();
  expect(watch.speaks).toBe(true);
  told.length = 0;
}

describe('watch over the bridge channel of a link', () => {
  beforeEach(() => {
    clock = new ManualClock(5_000);
    told = [];
    reopens = true;
    canRestart = false;
    alone = false;
    echoes = true;
    isAsked = false;
    begin();
  });

  it('T-44 a channel that does not open while others are here is dead after ten seconds', () => {
    pass(9_750);
    expect(told).toEqual([]);
    pass(500);
    expect(told).toEqual(['dead']);
  });

  it('T-44 a channel that does not open while the endpoint is alone is no fault', () => {
    alone = true;
    pass(60_000);
    expect(told).toEqual([]);
    alone = false;
    pass(9_750);
    expect(told).toEqual([]);
    pass(500);
    expect(told).toEqual(['dead']);
  });

  it('T-44 a channel gets twice the time if the previous link’s channel did not open', () => {
    begin(1);
    pass(19_750);
    expect(told).toEqual([]);
    pass(500);
    expect(told).toEqual(['dead']);
  });

  it('T-40 a silent channel is dead even though it is open', () => {
    speak();
    echoes = false;
    pass(2_000);
    expect(told).toEqual(['dead']);
  });

  it('T-45 a closed channel that the link reopens is waited for, and carries messages again', () => {
    speak();
    watch.channel(false);
    expect(told).toEqual(['trouble']);
    pass(1_250);
    watch.channel(true);
    expect(told).toEqual(['trouble']);
    answer();
    expect(told).toEqual(['trouble', 'speaks']);
  });

  it('T-45 a closed channel that does not reopen within two seconds is dead', () => {
    speak();
    watch.channel(false);
    pass(2_000);
    expect(told).toEqual(['trouble', 'dead']);
  });

  it('T-45 a closed channel that the link does not reopen is dead almost at once', () => {
    speak();
    reopens = false;
    watch.channel(false);
    pass(500);
    expect(told).toEqual(['trouble', 'dead']);
  });

  it('T-46 a link without channel and XMPP, lost in either order, is dead at once', () => {
    speak();
    watch.signalling(false);
    expect(told).toEqual([]);
    watch.channel(false);
    expect(told).toContain('dead');
    begin();
    speak();
    watch.channel(false);
    watch.signalling(false);
    expect(told).toEqual(['trouble', 'dead']);
  });

  it('T-46 a link without channel and XMPP is also dead while the endpoint is alone', () => {
    alone = true;
    speak();
    watch.channel(false);
    expect(told).toEqual([]);
    watch.signalling(false);
    expect(told).toEqual(['dead']);
  });

  it('T-47 losing and resuming XMPP alone does not affect the channel', () => {
    speak();
    watch.signalling(false);
    pass(10_000);
    watch.signalling(true);
    pass(10_000);
    expect(told).toEqual([]);
  });

  it('T-48 a channel that closes while the endpoint is alone is no fault, and has ten seconds once another joins', () => {
    speak();
    alone = true;
    watch.channel(false);
    pass(30_000);
    expect(told).toEqual([]);
    alone = false;
    pass(9_500);
    expect(told).toEqual([]);
    watch.channel(true);
    watch.heard(true);
    expect(told).toEqual(['speaks']);
    alone = true;
    watch.channel(false);
    pass(30_000);
    alone = false;
    pass(10_500);
    expect(told).toEqual(['speaks', 'dead']);
  });

  it('T-53 a silent channel is replaced by that of a fresh session, without a fresh link', () => {
    speak();
    canRestart = true;
    echoes = false;
    pass(1_500);
    expect(told).toEqual(['restart', 'trouble']);
    echoes = true;
    pass(1_000);
    watch.channel(true);
    answer();
    expect([told, watch.speaks]).toEqual([['restart', 'trouble', 'speaks'], true]);
  });

  it('T-53 a channel that does not come back is replaced by that of a fresh session too', () => {
    speak();
    canRestart = true;
    watch.channel(false);
    pass(2_000);
    expect(told).toEqual(['trouble', 'restart', 'trouble']);
  });

  it('T-53 a fresh session whose channel carries nothing within five seconds is followed by a fresh link', () => {
    speak();
    canRestart = true;
    echoes = false;
    pass(1_500);
    pass(4_750);
    expect(told).toEqual(['restart', 'trouble']);
    pass(250);
    expect(told).toEqual(['restart', 'trouble', 'dead']);
  });

  it('T-53 a fresh session that was asked for before the network came back has a second longer', () => {
    reopens = false;
    canRestart = true;
    speak();
    echoes = false;
    pass(1_500);
    pass(3_000);
    watch.wake();
    pass(750);
    expect(told).toEqual(['restart', 'trouble']);
    pass(250);
    expect(told).toEqual(['restart', 'trouble', 'dead']);
  });

  it('T-54 a channel that is silent once the network has come back needs a fresh link, since XMPP may be dead too', () => {
    canRestart = true;
    speak();
    echoes = false;
    watch.wake();
    pass(1_250);
    expect(told).toEqual(['dead']);
    begin();
    echoes = true;
    speak();
    watch.wake();
    pass(1_000);
    echoes = false;
    pass(2_000);
    expect(told).toEqual(['restart', 'trouble']);
  });

  it('T-53 no fresh session is asked for without XMPP, or while the endpoint is alone', () => {
    canRestart = true;
    speak();
    watch.signalling(false);
    echoes = false;
    pass(2_000);
    expect(told).toEqual(['dead']);
    begin();
    echoes = true;
    speak();
    alone = true;
    echoes = false;
    pass(2_000);
    expect(told).toEqual(['dead']);
  });

  it('T-54 a channel that is silent again and again is listened to between fresh sessions and links, and may come back', () => {
    const remedies = new ChannelRemedies(clock);
    remedies.next(false);
    begin(0, remedies);
    speak();
    canRestart = true;
    remedies.next(true);
    echoes = false;
    pass(1_500);
    expect(told).toEqual(['trouble']);
    pass(1_000);
    expect(new Set(told)).toEqual(new Set(['trouble']));
    watch.heard(false);
    expect(told.at(-1)).toBe('speaks');
  });

  it('T-54 a channel whose echoes have stopped working is not in trouble for good', () => {
    const remedies = new ChannelRemedies(clock);
    begin(0, remedies);
    speak();
    watch.channel(false);
    remedies.next(false);
    told.length = 0;
    echoes = false;
    watch.channel(true);
    pass(3_000);
    expect(told.at(-1)).toBe('speaks');
  });

  it('T-42 sleep does not count as waiting for a channel', () => {
    speak();
    watch.channel(false);
    clock.advance(600_000);
    watch.tick();
    expect(told).toEqual(['trouble']);
  });

  it('messages of a closed channel are ignored', () => {
    speak();
    watch.channel(false);
    watch.heard(true);
    expect(watch.speaks).toBe(false);
  });
});
