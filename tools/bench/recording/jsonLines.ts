import { createPose } from '@/lib/pose/pose';
import { createOurDecoder } from '../codec/ourCodec';
import { JSON_QUATERNIONS_ROUNDED } from '../codec/peers';
import type { ArrivingPacket } from './recordedHour';

/** A message as people who send JSON would send it. */
interface JsonMessage {
  readonly timeMs: number;
  readonly person: number;
  readonly content: { readonly frames: unknown } | { readonly sequence: number; readonly timestamp: number };
  /** The packet of a voice, which JSON has no bytes for. */
  readonly opus: Uint8Array | null;
}

/** The same poses and voices as people who send JSON would have sent them. */
export function jsonMessages(packets: readonly ArrivingPacket[]): JsonMessage[] {
  const decoders = new Map<number, ReturnType<typeof createOurDecoder>>();
  const pose = createPose();
  return packets.map((packet) => {
    const { timeMs, person, bytes } = packet;
    if (packet.type === 'voice') {
      const { sequence, timestamp } = packet;
      return { timeMs, person, content: { sequence, timestamp }, opus: bytes };
    }
    const decoder = decoders.get(person) ?? createOurDecoder();
    decoders.set(person, decoder);
    const frames: unknown[] = [];
    decoder.decode(bytes, (decoded, senderMs) => {
      pose.values.set(decoded.values);
      pose.parts = decoded.parts;
      const session = JSON_QUATERNIONS_ROUNDED.open(0, 1);
      session.encode(pose, senderMs);
      frames.push(JSON.parse(session.packet() as string));
    });
    return { timeMs, person, content: { frames }, opus: null };
  });
}

/** Writes messages as ARENA's recorder does: a line of JSON for each, with its time, its sender and what it says. */
export function writeJsonLines(messages: readonly JsonMessage[]): string[] {
  return messages.map(({ timeMs, person, content, opus }) => {
    if (opus === null) return JSON.stringify({ timeMs, person, ...content });
    const base64 = Buffer.from(opus.buffer, opus.byteOffset, opus.length).toString('base64');
    return JSON.stringify({ timeMs, person, ...content, opus: base64 });
  });
}

/** Reads lines back, voices as bytes. */
export function readJsonLines(lines: readonly string[]): void {
  for (const line of lines) {
    const { opus } = JSON.parse(line) as { readonly opus?: string };
    if (opus !== undefined) Buffer.from(opus, 'base64');
  }
}
