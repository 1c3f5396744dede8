import type { Log } from '@/lib/core/log';
import type { MeetingRole, Tier } from '@/lib/core/meeting';
import type { SendingStats } from '@/lib/meeting/stats';
import type { MotionSource } from '@/lib/motion/motionSource';
import type { OpusSource } from '@/lib/transport/headless/voice/opusPacket';
import type { VoiceStats } from '@/lib/transport/headless/voice/voiceBook';
import type { PoseAgeStats } from './poseAges';

/** Who a bot is and where it goes. */
export interface BotOptions {
  /** The site's address. */
  readonly url: string;
  readonly meetingId: string;
  readonly name: string;
  /** A reference as `parseAvatarRef` reads it. */
  readonly avatar?: string;
  /** What moves it; by default it idles in its own way. */
  readonly motion?: MotionSource;
  /** What it says, over and over. */
  readonly voice?: OpusSource;
  readonly role?: MeetingRole;
  /** Whether it takes part in the media; `voice` where it has a voice, else `none`. */
  readonly media?: 'none' | 'voice';
  /** The secret by which it gets its seat back; by default one of its own. */
  readonly identity?: string;
  /** The others are moved by this very process: ages of poses are then told in full, not less the quickest. */
  readonly sharesClock?: boolean;
  readonly log?: Log;
}

export type BotPhase = 'idle' | 'connecting' | 'live' | 'reconnecting' | 'ended' | 'failed';

/** What has come from one other person with a seat. */
export interface OtherStats {
  readonly personId: string;
  readonly name: string;
  /** Pose frames received, over all connections. */
  readonly poses: number;
  /** Frames a second, over the last two. */
  readonly poseFps: number;
  /** Packets that never came. */
  readonly lost: number;
  /** How old poses were on arrival, milliseconds; see {@link BotOptions.sharesClock}. */
  readonly poseAgeMs: PoseAgeStats;
  /** `systemClock` at the newest pose; 0 before the first. */
  readonly lastPoseAtMs: number;
}

/** What a bot does and has met with: a copy of the moment. */
export interface BotStats {
  readonly phase: BotPhase;
  readonly personId: string | null;
  readonly seat: number | null;
  /** At which it sends; the announced one where it sends nothing. */
  readonly tier: Tier | null;
  readonly posesSent: number;
  readonly posesSkipped: number;
  readonly bytesSent: number;
  /** How its poses are sent and arrive; null for who sends none. */
  readonly sending: SendingStats | null;
  readonly others: readonly OtherStats[];
  /** Voices that come in, by endpoint id. */
  readonly voices: ReadonlyMap<string, VoiceStats>;
  /** How often the connection was lost and sought again. */
  readonly reconnects: number;
}
