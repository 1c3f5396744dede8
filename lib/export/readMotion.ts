import type { FrameSink } from '@/lib/codec/codec';
import { POSE_LEAD_MS } from '@/lib/recording/format';
import { type RangeRequest, readRange } from './readRange';
import { RecordedMotion } from './recordedMotion';

/** What to read: a person's motion, both ends included. */
export interface MotionRequest extends RangeRequest {
  readonly personId: string;
}

/**
 * Reads a person's motion: `sink` gets every frame of the time asked for, in order, with the recording's time.
 * @throws what the source throws; the signal's reason
 */
export async function readMotion(request: MotionRequest, sink: FrameSink): Promise<void> {
  const { personId, fromMs, toMs } = request;
  const motion = new RecordedMotion((pose, timeMs) => {
    if (timeMs >= fromMs && timeMs <= toMs) sink(pose, timeMs);
  });
  await readRange(request, POSE_LEAD_MS, (records) => {
    for (const record of records) {
      if (record.type === 'pose' && record.track.personId === personId) motion.take(record);
    }
  });
  motion.finish();
}
