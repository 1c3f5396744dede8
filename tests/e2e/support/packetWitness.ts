import type { PoseDecoder } from '@/lib/codec/codec';
import { RangePoseDecoder } from '@/lib/codec/rangePoseDecoder';
import { controlKindOf, isReport, KEYFRAME_REQUEST } from '@/lib/meeting/controlMessages';
import { POSE_LENGTH } from '@/lib/pose/pose';
import { BotParticipant } from '@/tools/bot/botParticipant';

/** A spectator that inspects every packet of one person in a meeting. */
export class PacketWitness {
  /** Poses decoded since `begin`. */
  poses = 0;
  /** The largest packet since then. */
  maxBytes = 0;
  /** Packets since then that are neither a pose nor a control message: reason and length. */
  readonly strange: string[] = [];
  private readonly decoder: PoseDecoder = new RangePoseDecoder();
  private isWatching = false;

  private constructor(
    private readonly seat: BotParticipant,
    personId: string,
  ) {
    seat.attendance.events.on('connection', ({ transport }) => {
      transport.events.on('packet', ({ from, bytes }) => {
        if (from.personId === personId) this.look(bytes);
      });
    });
  }

  static async join(url: string, meetingId: string, personId: string): Promise<PacketWitness> {
    const seat = new BotParticipant({ url, meetingId, name: 'Witness', role: 'spectator' });
    const witness = new PacketWitness(seat, personId);
    await seat.join();
    return witness;
  }

  begin(): void {
    this.isWatching = true;
  }

  async leave(): Promise<void> {
    await this.seat.leave();
  }

  private look(bytes: Uint8Array): void {
    const kind = controlKindOf(bytes);
    if (kind === null) this.decode(bytes);
    else if (kind === 'report' ? !isReport(bytes) : bytes.length !== KEYFRAME_REQUEST.length) this.note(kind, bytes);
    if (this.isWatching) this.maxBytes = Math.max(this.maxBytes, bytes.length);
  }

  private decode(bytes: Uint8Array): void {
    const failure = this.decoder.decode(bytes, ({ values }) => {
      if (values.length === POSE_LENGTH && this.isWatching) this.poses += 1;
    });
    // A packet that waits for a keyframe is a pose too.
    if (failure && !this.decoder.awaitsKeyframe) this.note(failure, bytes);
  }

  private note(what: string, bytes: Uint8Array): void {
    if (this.isWatching) this.strange.push(`${what} ${bytes.length}`);
  }
}
