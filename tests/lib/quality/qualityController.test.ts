import { describe, expect, it } from 'vitest';
import { wireBpsOf } from '@/lib/quality/budget';
import { QualityController } from '@/lib/quality/qualityController';
import { framesPerPacket, TIERS } from '@/lib/quality/tiers';
import { Asker, CALM, OLD, STUCK, TORN, WELL } from './signals';

/** Nothing is known about the path. */
const SILENT = { reports: [], backlogBytes: null, othersAgeMs: null };

describe('the base tier', () => {
  it('Q-10 a sender starts at the base tier and stays there while nothing is known', () => {
    for (const base of Object.values(TIERS)) {
      const { tier, framesPerPacket: frames } = new Asker({ base, seated: 1, ...SILENT }).after(600);
      expect(tier).toBe(base);
      expect(frames).toBe(framesPerPacket(base));
    }
  });

  it('Q-12 the base tier’s reason is the number of people, or else the operator', () => {
    expect(new Asker({ ...SILENT }).short(0)).toBe('30/3 people');
    expect(new Asker({ ...SILENT, base: TIERS.low, seated: 12 }).short(0)).toBe('10/9 people');
    expect(new Asker({ ...SILENT, base: TIERS.low }).short(0)).toBe('10/9 operator');
  });

  it('Q-11 a changed base tier takes along senders at or above it, at once', () => {
    const asker = new Asker();
    expect(asker.short(60)).toBe('30/1 headroom');
    expect(asker.short(0, { base: TIERS.low, seated: 12 })).toBe('10/9 people');
    expect(asker.short(0, { base: TIERS.medium, seated: 9 })).toBe('20/6 people');
  });

  it('Q-11 a changed base tier leaves a sender that is held below it where it is', () => {
    const asker = new Asker({ base: TIERS.medium, seated: 6 });
    expect(asker.short(1, { reports: [STUCK, STUCK] })).toBe('5/9 uplink');
    expect(asker.short(1, { base: TIERS.high, seated: 4, reports: [STUCK, STUCK] })).toBe('5/9 uplink');
  });
});

describe('the sender’s own channel', () => {
  const full = { backlogBytes: 20_000 };

  it('Q-30 a large backlog steps down at once', () => {
    const asker = new Asker({ ...SILENT });
    asker.after(10);
    expect(asker.short(0.5, full)).toBe('20/6 uplink');
  });

  it('Q-30 a moderate backlog steps down at the second look in a row, not at the first', () => {
    const some = { backlogBytes: 1_700 };
    expect(new Asker({ ...SILENT }).short(0, some)).toBe('30/3 people');
    expect(new Asker({ ...SILENT }).short(0.5, some)).toBe('20/6 uplink');
  });

  it('Q-30 a step down goes by what the channel is seen to carry', () => {
    const asker = new Asker({ ...SILENT, wireBps: 34_000 });
    asker.after(10, { backlogBytes: 500 });
    // 1.3 kB more within half a second: a third of what was sent has left.
    expect(asker.short(0.5, { backlogBytes: 1_800 })).toBe('30/3 people');
    expect(asker.short(0.5, { backlogBytes: 3_100 })).toBe('5/9 uplink');
  });

  it('Q-30 one message in the channel changes nothing', () => {
    expect(new Asker({ ...SILENT }).short(60, { backlogBytes: 280 })).toBe('30/3 people');
  });
});

describe('what receivers report', () => {
  it('Q-31 most receivers decide: one with a bad downlink lowers no one', () => {
    expect(new Asker().short(60, { reports: [WELL, WELL, STUCK] })).toBe('30/3 people');
    expect(new Asker().short(0, { reports: [WELL, OLD, OLD] })).toBe('20/6 uplink');
    expect(new Asker().short(0, { reports: [WELL, TORN, TORN] })).toBe('20/6 uplink');
    expect(new Asker().short(0, { reports: [WELL, STUCK, STUCK] })).toBe('5/9 uplink');
  });

  it('Q-31 a single receiver in trouble is reported as `receivers`, not `uplink`', () => {
    expect(new Asker({ seated: 2 }).short(0, { reports: [OLD] })).toBe('20/6 receivers');
  });

  it('Q-32 a step up is taken back if a receiver suffers that did not before', () => {
    const asker = new Asker();
    asker.until(({ reason }) => reason === 'headroom');
    expect(asker.short(0.5, { reports: [WELL, WELL, OLD] })).toBe('30/3 people');
  });

  it('Q-32 a sender gives way later too if a receiver suffers for long, but not below the base tier', () => {
    const asker = new Asker();
    expect(asker.short(90)).toBe('30/1 headroom');
    expect(asker.short(10, { reports: [WELL, WELL, OLD] })).toBe('30/1 headroom');
    expect(asker.short(10, { reports: [WELL, WELL, OLD] })).toBe('30/3 people');
    expect(asker.short(600, { reports: [WELL, WELL, OLD] })).toBe('30/3 people');
  });

  it('Q-32 one badly off receiver in eight does not hold a sender back', () => {
    const asker = new Asker({ seated: 9, base: TIERS.medium });
    const seven = Array(7).fill(WELL);
    expect(asker.short(200, { reports: [...seven, WELL] })).toBe('30/1 headroom');
    expect(asker.short(600, { reports: [...seven, OLD] })).toBe('30/1 headroom');
  });

  it('Q-33 senders beyond the base tier make room first where all suffer together', () => {
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
  it('Q-34 a step beyond the base tier needs the others to report that they see well', () => {
    expect(new Asker().short(60)).toBe('30/1 headroom');
    expect(new Asker({ reports: [] }).short(60)).toBe('30/3 people');
    expect(new Asker({ reports: [WELL] }).short(60)).toBe('30/3 people');
    expect(new Asker({ reports: [WELL, WELL, { ageMs: 350, lostShare: 0 }] }).short(60)).toBe('30/3 people');
    expect(new Asker({ backlogBytes: 1_100 }).short(60)).toBe('30/3 people');
  });

  it('Q-34 a step back to the base tier only needs nothing to speak against it', () => {
    const asker = new Asker({ reports: [] });
    expect(asker.short(1, { reports: [STUCK, STUCK] })).toBe('5/9 uplink');
    expect(asker.short(60)).toBe('30/3 people');
  });

  it('Q-35 a step up takes 8 to 12 s a rung, and half as long back to the base tier', () => {
    const asker = new Asker({ base: TIERS.low, seated: 16, reports: Array(15).fill(WELL) });
    expect(asker.short(7.5)).toBe('10/9 people');
    expect(asker.short(5)).toBe('20/6 headroom');
    expect(asker.short(25)).toBe('30/3 headroom');
    expect(asker.short(600)).toBe('30/3 headroom');
  });

  it('Q-35 the wait before a step up doubles each time the step did not hold', () => {
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
  it('Q-20 the budget holds a sender below a base tier that does not fit, and lets none beyond what fits', () => {
    const many = { base: TIERS.low, seated: 16, reports: Array(15).fill(WELL), wireBps: 10_000 };
    expect(new Asker({ ...many, bandwidthMaxBps: 700_000 }).short(600)).toBe('5/9 budget');
    expect(new Asker({ ...many, bandwidthMaxBps: 900_000 }).short(600)).toBe('20/6 headroom');
    expect(new Asker({ ...many, bandwidthMaxBps: Number.NaN }).short(600)).toBe('30/3 headroom');
  });

  it('Q-22 a sender whose poses take more than planned steps down to fit the budget', () => {
    const asker = new Asker({ seated: 16, base: TIERS.low, reports: Array(15).fill(WELL) });
    expect(asker.short(60)).toBe('30/3 headroom');
    const dancing = asker.after(4, { wireBps: 90_000 });
    expect(wireBpsOf(dancing.tier)).toBeLessThan(wireBpsOf(TIERS.high));
  });
});

describe('page and device', () => {
  it('Q-40 a hidden page sends at the lowest rung, and a page shown again as before at once', () => {
    const asker = new Asker();
    expect(asker.short(60)).toBe('30/1 headroom');
    expect(asker.short(600, { isHidden: true, reports: [STUCK, STUCK, STUCK] })).toBe('5/9 hidden');
    expect(asker.short(0)).toBe('30/1 headroom');
  });

  it('Q-41 a slow device is spared, whatever the path carries', () => {
    const asker = new Asker();
    expect(asker.short(6, { frameMs: 120 })).toBe('10/9 slowDevice');
    expect(asker.short(600, { frameMs: 120 })).toBe('10/9 slowDevice');
    expect(asker.short(25, { frameMs: 16 })).toBe('30/3 people');
  });
});

describe('a choice', () => {
  it('Q-3 a choice is the same object while nothing changes', () => {
    const asker = new Asker({ reports: [] });
    expect(asker.after(60)).toBe(asker.after(60));
  });

  it('Q-36 the same seed and signals give the same choices; other seeds step up at other times', () => {
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
