import { describe, expect, it } from 'vitest';
import { DelegateTrial, TRIAL_PICTURES } from '@/lib/capture/worker/delegateTrial';

/** Notes pictures of `costMs`, the first two slow as they include set-up; returns whether the delegate changed at the last. */
function run(trial: DelegateTrial, costMs: number): boolean {
  const changes = Array.from({ length: TRIAL_PICTURES }, (_, index) => trial.note(index < 2 ? 900 : costMs));
  expect(changes.slice(0, -1)).not.toContain(true);
  return changes.at(-1)!;
}

describe('what runs the models', () => {
  it('a fast GPU is kept', () => {
    const trial = new DelegateTrial();
    expect([run(trial, 9), trial.delegate]).toEqual([false, 'GPU']);
    expect([run(trial, 400), trial.delegate]).toEqual([false, 'GPU']);
  });

  it('the CPU takes over from a slower GPU', () => {
    const trial = new DelegateTrial();
    expect([run(trial, 700), trial.delegate]).toEqual([true, 'CPU']);
    expect([run(trial, 45), trial.delegate]).toEqual([false, 'CPU']);
    expect([run(trial, 900), trial.delegate]).toEqual([false, 'CPU']);
  });

  it('the GPU is used again if the CPU is even slower', () => {
    const trial = new DelegateTrial();
    expect([run(trial, 40), trial.delegate]).toEqual([true, 'CPU']);
    expect([run(trial, 90), trial.delegate]).toEqual([true, 'GPU']);
    expect([run(trial, 90), trial.delegate]).toEqual([false, 'GPU']);
  });

  it('the CPU is used without a trial if it is asked for, or if the GPU does not work', () => {
    const asked = new DelegateTrial('CPU');
    expect([run(asked, 500), asked.delegate]).toEqual([false, 'CPU']);
    const failed = new DelegateTrial();
    failed.giveUpGpu();
    expect([run(failed, 500), failed.delegate]).toEqual([false, 'CPU']);
  });
});
