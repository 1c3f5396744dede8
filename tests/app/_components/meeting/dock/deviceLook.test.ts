import { describe, expect, it } from 'vitest';
import { cameraLook, cameraProblem } from '@/app/_components/meeting/dock/deviceLook';
import { en } from '@/app/_i18n/en';

const REASONS = ['denied', 'dismissed', 'missing', 'busy', 'failed', 'unplugged', 'unsupported'] as const;
const SITE_REASONS = ['modelMissing', 'modelEmpty', 'modelGarbage', 'modelWrong', 'wasmFailed'] as const;

describe('the camera’s button', () => {
  it('puts on what is off, and off what is on', () => {
    expect(cameraLook({ phase: 'off', isLost: false })).toMatchObject({ label: 'camera.turnOn', icon: 'webcamOff' });
    expect(cameraLook({ phase: 'live', isLost: false })).toMatchObject({ label: 'camera.turnOff', tone: 'live' });
    expect(cameraLook({ phase: 'starting', isLost: false })).toMatchObject({ busy: true });
  });

  it('says that one is not seen', () => {
    expect(cameraLook({ phase: 'live', isLost: true })).toMatchObject({ hint: 'camera.lostShort', tone: 'warn' });
  });

  it.each([...REASONS, ...SITE_REASONS])(
    'lets one try again after %s, with a sentence that says what to do',
    (phase) => {
      expect(cameraLook({ phase, isLost: false })).toMatchObject({ label: 'camera.turnOn', tone: 'warn' });
      expect(cameraProblem(phase)).toBe(phase);
      expect(en[`camera.${phase}`]).toMatch(/^[A-Z].*[.a-z]$/);
    },
  );

  it.each(SITE_REASONS.slice(0, 4))('names the command that mends %s', (phase) => {
    expect(en[`camera.${phase}`]).toContain('npm run models');
  });
});
