import type { FrameSink, PoseDecoder } from '@/lib/codec/codec';
import { systemClock } from '@/lib/core/clock';
import { POSE_CODEC, type PoseCodec } from '@/lib/meeting/poseCodec';
import type { Transport } from '@/lib/transport/transport';
import type { PersonTallies } from './personTallies';

/**
 * The meeting's codec, which notes of every frame how long after its capture it came: the first of several in one packet
 * is older than the last. To be made before anything else that listens to `transport`, so that it knows whose packet is
 * decoded. Returns the codec and what ends the listening.
 */
export function measuringCodec(transport: Transport, tallies: PersonTallies): { codec: PoseCodec; stop: () => void } {
  let fromPersonId = '';
  let arrivalMs = 0;
  const stop = transport.events.on('packet', ({ from }) => {
    fromPersonId = from.personId ?? '';
    arrivalMs = systemClock.nowMs();
  });
  const note = (timeMs: number) => tallies.note(fromPersonId, arrivalMs, timeMs);
  const createDecoder = () => measured(POSE_CODEC.createDecoder(), note);
  return { codec: { createEncoder: POSE_CODEC.createEncoder, createDecoder }, stop };
}

function measured(decoder: PoseDecoder, note: (timeMs: number) => void): PoseDecoder {
  let sink: FrameSink = () => {};
  const noting: FrameSink = (pose, timeMs) => {
    note(timeMs);
    sink(pose, timeMs);
  };
  return {
    decode: (packet, toPlayout) => {
      sink = toPlayout;
      return decoder.decode(packet, noting);
    },
    get lost() {
      return decoder.lost;
    },
    get awaitsKeyframe() {
      return decoder.awaitsKeyframe;
    },
  };
}
