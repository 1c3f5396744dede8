import { describe, expect, it } from 'vitest';
import { wireBpsOf } from '@/lib/quality/budget';
import { QualityController } from '@/lib/quality/qualityController';
import { framesPerPacket, TIERS } from '@/lib/quality/tiers';
import { Asker, CALM, OLD, STUCK, TORN, WELL } from './signals';

/** Nothing is known of the path. */
const SILENT = { reports: [], backlogBytes: null, othersAgeMs: null };

describe('the base tier', () => {
  it('Q-10 is where everybody begins, and stays where nothing is known', () => {
    for (const base of Object.values(TIERS)) {
      const { tier, framesPerPacket: frames } = new Asker({ base, seated: 1, ...SILENT }).after(600);
      expect(tier).toBe(base);
      expect(frames).toBe(framesPerPacket(base));
    }
  });

  it('Q-12 is said to follow from the people, or from the operator where it does not', () => {
    expect(new Asker({ ...SILENT }).short(0)).toBe('30/3 people');
    expect(new Asker({ ...SILENT, base: TIERS.low, seated: 12 }).short(0)).toBe('10/9 people');
    expect(new Asker({ ...SILENT, base: TIERS.low }).short(0)).toBe('10/9 operator');
  });

  it('Q-11 takes everybody along who is at it or above, at once', () => {
    const asker = new Asker();
    expect(asker.short(60)).toBe('30/1 headroom');
    expect(asker.short(0, { base: TIERS.low, seated: 12 })).toBe('10/9 people');
    expect(asker.short(0, { base: TIERS.medium, seated: 9 })).toBe('20/6 people');
  });

  it('Q-11 leaves whoever is held below where they are', () => {
    const asker = new Asker({ base: TIERS.medium, seated: 6 });
    expect(asker.short(1, { reports: [STUCK, STUCK] })).toBe('5/9 uplink');
    expect(asker.short(1, { base: TIERS.high, seated: 4, reports: [STUCK, STUCK] })).toBe('5/9 uplink');
  });
});

describe('one’s own channel', () => {
  const full = { backlogBytes: 20_000 };

  it('Q-30 asks for less at once where much waits in it', () => {
    const asker = new Asker({ ...SILENT });
    asker.after(10);
    expect(asker.short(0.5, full)).toBe('20/6 uplink');
  });

  it('Q-30 asks for less where some waits at two looks in a row, not at one', () => {
    const some = { backlogBytes: 1_700 };
    expect(new Asker({ ...SILENT }).short(0, some)).toBe('30/3 people');
    expect(new Asker({ ...SILENT }).short(0.5, some)).toBe('20/6 uplink');
  });

  it('Q-30 goes down by what the channel shows to carry', () => {
    const asker = new Asker({ ...SILENT, wireBps: 34_000 });
    asker.after(10, { backlogBytes: 500 });
    // 1.3 kB more in half a second: a third of what was sent has left.
    expect(asker.short(0.5, { backlogBytes: 1_800 })).toBe('30/3 people');
    expect(asker.short(0.5, { backlogBytes: 3_100 })).toBe('5/9 uplink');
  });

  it('Q-30 is none the worse for one message under way', () => {
    expect(new Asker({ ...SILENT }).short(60, { backlogBytes: 280 })).toBe('30/3 people');
  });
});

describe('what receivers report', () => {
  it('Q-31 counts by most of them: one with a bad way down lowers nobody', () => {
    expect(new Asker().short(60, { reports: [WELL, WELL, STUCK] })).toBe('30/3 people');
    expect(new Asker().short(0, { reports: [WELL, OLD, OLD] })).toBe('20/6 uplink');
    expect(new Asker().short(0, { reports: [WELL, TORN, TORN] })).toBe('20/6 uplink');
    expect(new Asker().short(0, { reports: [WELL, STUCK, STUCK] })).toBe('5/9 uplink');
  });

  it('Q-31 says of a single receiver no more than that it is so there', () => {
    expect(new Asker({ seated: 2 }).short(0, { reports: [OLD] })).toBe('20/6 receivers');
  });

  it('Q-32 takes a step back whose first effect is that somebody suffers who did not', () => {
    const asker = new Asker();
    asker.until(({ reason }) => reason === 'headroom');
    expect(asker.short(0.5, { reports: [WELL, WELL, OLD] })).toBe('30/3 people');
  });

  it('Q-32 gives way later too where somebody suffers for long, but not below the base tier', () => {
    const asker = new Asker();
    expect(asker.short(90)).toBe('30/1 headroom');
    expect(asker.short(10, { reports: [WELL, WELL, OLD] })).toBe('30/1 headroom');
    expect(asker.short(10, { reports: [WELL, WELL, OLD] })).toBe('30/3 people');
    expect(asker.short(600, { reports: [WELL, WELL, OLD] })).toBe('30/3 people');
  });

  it('Q-32 spares one in eight', () => {
    const asker = new Asker({ seated: 9, base: TIERS.medium });
    const seven = Array(7).fill(WELL);
    expect(asker.short(200, { reports: [...seven, WELL] })).toBe('30/1 headroom');
    expect(asker.short(600, { reports: [...seven, OLD] })).toBe('30/1 headroom');
  });

  it('Q-33 leaves it to those beyond the base tier to make room where all suffer together', () => {
    const shared = { reports: [OLD, OLD, OLD], othersAgeMs: 900 };
    expect(new Asker().short(5, shared)).toBe('30/3 people');
    expect(new Asker().short(7, shared)).toBe('20/6 uplink');
    expect(new Asker().short(0, { ...shared, othersAgeMs: 100 })).toBe('20/6 uplink');
    const beyond = new Asker();
    beyond.after(60);
    expect(beyond.short(0.5, shared)).toBe('30/3 people');
  });
});

describe('going up', () => {
  it('Q-34 beyond the base tier needs that the others say that they see well', () => {
    expect(new Asker().short(60)).toBe('30/1 headroom');
    expect(new Asker({ reports: [] }).short(60)).toBe('30/3 people');
    expect(new Asker({ reports: [WELL] }).short(60)).toBe('30/3 people');
    expect(new Asker({ reports: [WELL, WELL, { ageMs: 350, lostShare: 0 }] }).short(60)).toBe('30/3 people');
    expect(new Asker({ backlogBytes: 1_100 }).short(60)).toBe('30/3 people');
  });

  it('Q-34 back to the base tier needs no more than that nothing speaks against it', () => {
    const asker = new Asker({ reports: [] });
    expect(asker.short(1, { reports: [STUCK, STUCK] })).toBe('5/9 uplink');
    expect(asker.short(60)).toBe('30/3 people');
  });

  it('Q-35 takes 8 to 12 s a rung, and half as long back to the base tier', () => {
    const asker = new Asker({ base: TIERS.low, seated: 16, reports: Array(15).fill(WELL) });
    expect(asker.short(7.5)).toBe('10/9 people');
    expect(asker.short(5)).toBe('20/6 headroom');
    expect(asker.short(25)).toBe('30/3 headroom');
    expect(asker.short(600)).toBe('30/3 headroom');
  });

  it('Q-35 waits twice as long after every time that it did not hold', () => {
    const asker = new Asker({ seated: 2, reports: [WELL] });
    const waits: number[] = [];
    for (let time = 0; time < 7; time += 1) {
      const fromMs = asker.nowMs;
      asker.until(({ tier }) => tier.compression === 1);
      waits.push(asker.nowMs - fromMs);
      asker.after(6, { reports: [OLD] });
      asker.until(({ tier }) => tier === TIERS.high);
    }
    for (const [index, waitMs] of waits.entries()) {
      const plainMs = Math.min(300_000, 10_000 * 2 ** index);
      expect(waitMs).toBeGreaterThanOrEqual(0.8 * plainMs);
      expect(waitMs).toBeLessThanOrEqual(1.2 * plainMs + 1000);
    }
  });
});

describe('the budget', () => {
  it('Q-20 holds the base tier down where it does not fit, and lets nobody beyond what fits', () => {
    const many = { base: TIERS.low, seated: 16, reports: Array(15).fill(WELL), wireBps: 10_000 };
    expect(new Asker({ ...many, bandwidthMaxBps: 700_000 }).short(600)).toBe('5/9 budget');
    expect(new Asker({ ...many, bandwidthMaxBps: 900_000 }).short(600)).toBe('20/6 headroom');
    expect(new Asker({ ...many, bandwidthMaxBps: Number.NaN }).short(600)).toBe('30/3 headroom');
  });

  it('Q-22 gives way to somebody whose poses take more than planned', () => {
    const asker = new Asker({ seated: 16, base: TIERS.low, reports: Array(15).fill(WELL) });
    expect(asker.short(60)).toBe('30/3 headroom');
    const dancing = asker.after(4, { wireBps: 90_000 });
    expect(wireBpsOf(dancing.tier)).toBeLessThan(wireBpsOf(TIERS.high));
  });
});

describe('page and device', () => {
  it('Q-40 sends least while nobody looks, and as before at once when somebody does', () => {
    const asker = new Asker();
    expect(asker.short(60)).toBe('30/1 headroom');
    expect(asker.short(600, { isHidden: true, reports: [STUCK, STUCK, STUCK] })).toBe('5/9 hidden');
    expect(asker.short(0)).toBe('30/1 headroom');
  });

  it('Q-41 spares a device that is slow, whatever the way carries', () => {
    const asker = new Asker();
    expect(asker.short(6, { frameMs: 120 })).toBe('10/9 slowDevice');
    expect(asker.short(600, { frameMs: 120 })).toBe('10/9 slowDevice');
    expect(asker.short(25, { frameMs: 16 })).toBe('30/3 people');
  });
});

describe('a choice', () => {
  it('Q-3 is the same object while nothing changes', () => {
    const asker = new Asker({ reports: [] });
    expect(asker.after(60)).toBe(asker.after(60));
  });

  it('Q-36 is the same for the same seed and signals; seeds differ in when they go up', () => {
    const stepsUpAtMs = (seed: number) => {
      const controller = new QualityController(seed);
      let nowMs = 0;
      while (nowMs < 60_000 && controller.decide({ ...CALM, nowMs }).reason !== 'headroom') nowMs += 100;
      return nowMs;
    };
    expect(stepsUpAtMs(5)).toBe(stepsUpAtMs(5));
    const times = Array.from({ length: 16 }, (_, k) => stepsUpAtMs(k * 268_435_456));
    expect(new Set(times).size).toBeGreaterThan(10);
    expect(Math.min(...times)).toBeGreaterThanOrEqual(8_000);
    expect(Math.max(...times)).toBeLessThanOrEqual(12_100);
  });
});
