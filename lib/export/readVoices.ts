import type { RecordedState } from '@/lib/recording/events';
import { EMPTY_STATE, stateAfterRecords } from '@/lib/recording/recordedState';
import type { SegmentRecord } from '@/lib/recording/segmentReader';
import { LATE_MAX_MS, type RangeRequest, readRange } from './readRange';
import { RecordedVoice, VOICE_LOOKAHEAD_MS, type VoicePacket } from './recordedVoice';

/** Clocks look back so far, and there is a state in it. */
const LEAD_MS = 10_000;

/** Who gets what is read. */
export interface VoiceReader {
  /** The next packet of a person; those before the time asked for come too, as decoders want a lead. */
  onPacket(personId: string, packet: VoicePacket): void;
  /** No packet that begins before `timeMs` comes any more, late ones aside; `state` is that of what has been read. */
  onTime?(timeMs: number, state: RecordedState): void | Promise<void>;
}

/** Reads everybody's voices in a part of a recording, each person's in order. @throws what the source throws; the signal's reason */
export async function readVoices(range: RangeRequest, reader: VoiceReader): Promise<void> {
  const voices = new Map<string, RecordedVoice>();
  const voiceOf = (personId: string) => {
    const known = voices.get(personId) ?? new RecordedVoice((packet) => reader.onPacket(personId, packet));
    voices.set(personId, known);
    return known;
  };
  const take = (record: SegmentRecord) => {
    const isVoice = record.type === 'voice' || (record.type === 'clock' && record.track.kind === 'voice');
    if (isVoice) voiceOf(record.track.personId).take(record);
  };
  let state = EMPTY_STATE;
  await readRange(range, LEAD_MS, async (records, endMs) => {
    state = stateAfterRecords(state, records);
    records.forEach(take);
    for (const voice of voices.values()) voice.advance(endMs);
    await reader.onTime?.(endMs - VOICE_LOOKAHEAD_MS - LATE_MAX_MS, state);
  });
  for (const voice of voices.values()) voice.finish();
  await reader.onTime?.(range.toMs, state);
}
