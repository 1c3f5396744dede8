/** Loudness of the sound: softer than any voice. */
const GAIN = 0.05;
const NOTE_S = 0.22;
/** Notes of the start, rising, and of the end, falling: a fifth, Hz. */
const STARTED_HZ = [392, 587.33] as const;
const STOPPED_HZ = [587.33, 392] as const;

function playNote(context: AudioContext, hz: number, atS: number): void {
  const tone = new OscillatorNode(context, { type: 'sine', frequency: hz });
  const gain = new GainNode(context, { gain: 0 });
  gain.gain.setValueAtTime(0, atS);
  gain.gain.linearRampToValueAtTime(GAIN, atS + 0.03);
  gain.gain.exponentialRampToValueAtTime(GAIN / 100, atS + NOTE_S * 1.6);
  tone.connect(gain).connect(context.destination);
  tone.start(atS);
  tone.stop(atS + NOTE_S * 1.7);
}

/** Two soft notes: a recording has started or stopped. Silent where the browser plays nothing yet. */
export function playRecordingSound(change: 'started' | 'stopped'): void {
  if (typeof AudioContext !== 'function') return;
  const context = new AudioContext();
  const notes = change === 'started' ? STARTED_HZ : STOPPED_HZ;
  for (const [k, hz] of notes.entries()) playNote(context, hz, context.currentTime + k * NOTE_S);
  window.setTimeout(() => void context.close(), 2000 * NOTE_S * notes.length);
}
