import { PlainOutput } from './plainOutput';
import { VoiceMixer } from './voiceMixer';
import type { VoiceOutput } from './voiceOutput';

/** What plays voices in this browser: each from its place, or plainly where Web Audio can't be had. */
export function createVoiceOutput(): VoiceOutput {
  try {
    return new VoiceMixer();
  } catch {
    return new PlainOutput();
  }
}
