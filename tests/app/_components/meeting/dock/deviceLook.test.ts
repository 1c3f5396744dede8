import { describe, expect, it } from 'vitest';
import { webcamLook, webcamProblem } from '@/app/_components/meeting/dock/deviceLook';
import { en } from '@/app/_i18n/en';

const REASONS = ['denied', 'dismissed', 'missing', 'busy', 'failed', 'unplugged', 'unsupported'] as const;
const SITE_REASONS = ['modelMissing', 'modelEmpty', 'modelGarbage', 'modelWrong', 'wasmFailed'] as const;

describe('the camera’s button', () => {
  it('puts on what is off, and off what is on', () => {
    expect(webcamLook({ phase: 'off', isLost: false })).toMatchObject({ label: 'webcam.turnOn', icon: 'webcamOff' });
    expect(webcamLook({ phase: 'live', isLost: false })).toMatchObject({ label: 'webcam.turnOff', tone: 'live' });
    expect(webcamLook({ phase: 'starting', isLost: false })).toMatchObject({ busy: true });
  });

  it('says that one is not seen', () => {
    expect(webcamLook({ phase: 'live', isLost: true })).toMatchObject({ hint: 'webcam.lostShort', tone: 'warn' });
  });

  it.each([...REASONS, ...SITE_REASONS])(
    'lets one try again after %s, with a sentence that says what to do',
    (phase) => {
      expect(webcamLook({ phase, isLost: false })).toMatchObject({ label: 'webcam.turnOn', tone: 'warn' });
      expect(webcamProblem(phase)).toBe(phase);
      expect(en[`webcam.${phase}`]).toMatch(/^[A-Z].*[.a-z]$/);
    },
  );

  it.each(SITE_REASONS.slice(0, 4))('names the command that mends %s', (phase) => {
    expect(en[`webcam.${phase}`]).toContain('npm run models');
  });
});
