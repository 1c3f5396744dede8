import { describe, expect, it } from 'vitest';
import { microphoneLook, webcamLook, webcamProblem } from '@/app/_components/meeting/dock/deviceLook';
import { en } from '@/app/_i18n/en';

const REASONS = ['denied', 'dismissed', 'missing', 'busy', 'failed', 'unplugged', 'unsupported'] as const;
const SITE_REASONS = ['modelMissing', 'modelEmpty', 'modelGarbage', 'modelWrong', 'wasmFailed'] as const;

describe('webcamLook', () => {
  it('the webcam button turns a webcam on that is off, and off that is on', () => {
    expect(webcamLook({ phase: 'off', isLost: false })).toMatchObject({ label: 'webcam.turnOn', icon: 'webcamOff' });
    expect(webcamLook({ phase: 'live', isLost: false })).toMatchObject({ label: 'webcam.turnOff', tone: 'live' });
    expect(webcamLook({ phase: 'starting', isLost: false })).toMatchObject({ busy: true });
  });

  it('the webcam button warns that the webcam sees no one', () => {
    expect(webcamLook({ phase: 'live', isLost: true })).toMatchObject({ hint: 'webcam.lostShort', tone: 'warn' });
  });

  it.each([...REASONS, ...SITE_REASONS])(
    'the webcam button offers another try after %s, with a sentence that says what to do',
    (phase) => {
      expect(webcamLook({ phase, isLost: false })).toMatchObject({ label: 'webcam.turnOn', tone: 'warn' });
      expect(webcamProblem(phase)).toBe(phase);
      expect(en[`webcam.${phase}`]).toMatch(/^[A-Z].*[.a-z]$/);
    },
  );

  it.each(SITE_REASONS.slice(0, 4))('the sentence for %s names the command that repairs it', (phase) => {
    expect(en[`webcam.${phase}`]).toContain('npm run models');
  });
});

type Facts = Parameters<typeof microphoneLook>[0];

const look = (microphone: Facts['microphone'], isMuted = false, isTalking = false, media: Facts['media'] = 'through') =>
  microphoneLook({ microphone, isMuted, isTalking, media });

describe('microphoneLook', () => {
  it('the microphone button looks open exactly while others hear the microphone', () => {
    expect(look('live')).toMatchObject({ icon: 'microphone', tone: 'live', label: 'dock.mute' });
    expect(look('live', true)).toMatchObject({ icon: 'microphoneOff', tone: 'shut', hint: 'dock.holdToTalk' });
    expect(look('live', true, true)).toMatchObject({ icon: 'microphone', tone: 'live', label: 'dock.talking' });
  });

  it('the microphone button warns instead of looking live while no voices come through', () => {
    const warning = { tone: 'warn', hint: 'dock.voicesBlocked' };
    expect(look('live', false, false, 'blocked')).toMatchObject({ ...warning, label: 'dock.mute' });
    expect(look('live', true, false, 'blocked')).toMatchObject({ ...warning, label: 'dock.unmute' });
    expect(look('live', false, false, 'connecting').tone).toBe('live');
    expect(look('off', false, false, 'blocked').label).toBe('dock.useMicrophone');
  });

  it('the microphone button has its own name for each refusal', () => {
    const states = ['off', 'denied', 'missing', 'busy', 'failed'] as const;
    const looks = states.map((state) => look(state));
    expect(looks.every(({ icon }) => icon === 'microphoneOff')).toBe(true);
    expect(new Set(looks.map(({ label }) => label)).size).toBe(states.length);
  });
});
