import { describe, expect, it } from 'vitest';
import { microphoneLook } from '@/app/_components/meeting/dock/deviceLook';

const look = (microphone: Parameters<typeof microphoneLook>[0]['microphone'], isMuted = false, isTalking = false) =>
  microphoneLook({ microphone, isMuted, isTalking });

describe('microphoneLook', () => {
  it('looks open exactly while one is heard', () => {
    expect(look('live')).toMatchObject({ icon: 'microphone', tone: 'live', label: 'dock.mute' });
    expect(look('live', true)).toMatchObject({ icon: 'microphoneOff', tone: 'shut', hint: 'dock.holdToTalk' });
    expect(look('live', true, true)).toMatchObject({ icon: 'microphone', tone: 'live', label: 'dock.talking' });
  });

  it('says of each refusal something else', () => {
    const states = ['off', 'denied', 'missing', 'busy', 'failed'] as const;
    const looks = states.map((state) => look(state));
    expect(looks.every(({ icon }) => icon === 'microphoneOff')).toBe(true);
    expect(new Set(looks.map(({ label }) => label)).size).toBe(states.length);
  });
});
