import { createPose } from '@/lib/pose/pose';
import type { Network } from './networks';
import type { Player, PlayerKind } from './players';
import { BODY_LENGTH, copyBody, type Truth } from './truth';

export const RENDER_HZ = 60;
/** Rendered frames are not in phase with the sender's. */
const RENDER_PHASE_MS = 3.7;
/** Frames drawn before this are left out: the player is still finding its delay. */
const WARM_UP_MS = 2500;
/** Nothing is drawn this close to the end, when no more frames come. */
const END_MS = 50;

/** How a sender sends. */
export interface SendRate {
  readonly fps: number;
  readonly framesPerPacket: number;
}

/** What one player drew of one clip over one network. */
export interface Run {
  readonly truth: Truth;
  readonly count: number;
  readonly nowMs: Float64Array;
  /** Sender's time as drawn; NaN if the player knows none. */
  readonly playedMs: Float64Array;
  /** {@link BODY_LENGTH} numbers per drawn frame. */
  readonly bodies: Float32Array;
}

interface Sent {
  readonly capturedMs: number;
  readonly arrivalMs: number;
}

/** Frames are captured at whole milliseconds, as packets carry them; a packet leaves with its last frame. */
function send(truth: Truth, { fps, framesPerPacket }: SendRate, network: Network, seed: number): Sent[] {
  const captured: number[] = [];
  for (let k = 0; (k * 1000) / fps < truth.durationMs; k += 1) captured.push(Math.round((k * 1000) / fps));
  const leaving = captured.filter((_, k) => k % framesPerPacket === framesPerPacket - 1);
  const arrivals = network.arrivals(leaving, seed);
  return captured
    .slice(0, leaving.length * framesPerPacket)
    .map((capturedMs, k) => ({ capturedMs, arrivalMs: arrivals[Math.floor(k / framesPerPacket)]! }));
}

/** Feeds a player the frames that have arrived. */
class Feed {
  private next = 0;
  private readonly pose = createPose();

  constructor(
    private readonly truth: Truth,
    private readonly sent: readonly Sent[],
    private readonly player: Player,
  ) {}

  deliverUntil(nowMs: number): void {
    for (; this.next < this.sent.length && this.sent[this.next]!.arrivalMs <= nowMs; this.next += 1) {
      const { capturedMs, arrivalMs } = this.sent[this.next]!;
      this.player.push(this.truth.sample(capturedMs, this.pose), capturedMs, arrivalMs);
    }
  }
}

/** Plays one clip over one network, drawing at 60 Hz. */
export function simulate(truth: Truth, rate: SendRate, network: Network, kind: PlayerKind, seed: number): Run {
  const player = kind.create(rate.fps);
  const feed = new Feed(truth, send(truth, rate, network, seed), player);
  const frames = Math.ceil(((truth.durationMs - END_MS) / 1000) * RENDER_HZ);
  const run = {
    truth,
    count: 0,
    nowMs: new Float64Array(frames),
    playedMs: new Float64Array(frames),
    bodies: new Float32Array(frames * BODY_LENGTH),
  };
  const pose = createPose();
  for (let k = 0; k < frames; k += 1) {
    const nowMs = (k * 1000) / RENDER_HZ + RENDER_PHASE_MS;
    feed.deliverUntil(nowMs);
    if (!player.render(nowMs, pose) || nowMs <= WARM_UP_MS) continue;
    run.nowMs[run.count] = nowMs;
    run.playedMs[run.count] = player.playedMs ?? Number.NaN;
    copyBody(pose, run.bodies, run.count * BODY_LENGTH);
    run.count += 1;
  }
  return run;
}
