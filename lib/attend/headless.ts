import { createParleyClient, MeetingStay, type ParleyClient } from '@/lib/api';
import { fnv1a } from '@/lib/core/hash';
import type { Log } from '@/lib/core/log';
import type { MeetingRole } from '@/lib/core/meeting';
import type { Scope } from '@/lib/core/scope';
import { PoseExchange } from '@/lib/meeting/poseExchange';
import { createIdleSource } from '@/lib/motion/idleSource';
import type { MotionSource } from '@/lib/motion/motionSource';
import { HeadlessTransport } from '@/lib/transport/headless/headlessTransport';
import type { OpusSource } from '@/lib/transport/headless/voice/opusPacket';
import { Attendance } from './attendance';

/** Who attends, and where. */
export interface HeadlessAttendanceOptions {
  /** The site's address. */
  readonly url: string;
  readonly meetingId: string;
  readonly name: string;
  /** A reference as `parseAvatarRef` reads it. */
  readonly avatar?: string;
  /** `participant` by default. */
  readonly role?: MeetingRole;
  /** What moves the avatar; by default it idles in its own way. */
  readonly motion?: MotionSource;
  /** What it says, over and over. */
  readonly voice?: OpusSource;
  /** Whether it takes part in the media; by default `voice` where it has a voice, else `none`. */
  readonly media?: 'none' | 'voice';
  /** The secret by which it gets its seat back; by default one of its own. */
  readonly identity?: string;
  /** Instead of one for `url`, to share it among many. */
  readonly client?: ParleyClient;
  readonly log?: Log;
  /** Makes the exchange of each connection; by default one that plays what comes, to report how it arrives. */
  createExchange?(transport: HeadlessTransport, scope: Scope): PoseExchange;
}

const IDENTITY_BYTES = 24;

/**
 * Makes an attendance for a program, in Node without a browser.
 * @example
 * const attendance = attendHeadless({ url: 'https://meet.example.org', meetingId, name: 'Recorder', role: 'spectator' });
 * await attendance.join();
 * if (attendance.state.phase !== 'live') throw new Error(attendance.state.phase);
 * attendance.exchange.feed.sample(personId, performance.now(), pose);
 * await attendance.leave();
 */
export function attendHeadless(options: HeadlessAttendanceOptions): Attendance<HeadlessTransport> {
  const { client = createParleyClient({ url: options.url }), voice, log } = options;
  const { media = voice ? 'voice' : 'none' } = options;
  return new Attendance({
    stay: new MeetingStay(client, stayRequest(options)),
    createTransport: (fetchPass, identities) => {
      const transport = new HeadlessTransport({ fetchPass, identities, media, log });
      if (voice) transport.speak(voice);
      return transport;
    },
    createExchange: options.createExchange ?? ((transport) => new PoseExchange({ transport, log })),
    motionOf: (personId) => options.motion ?? createIdleSource(fnv1a(personId)),
    log,
  });
}

function stayRequest(options: HeadlessAttendanceOptions) {
  const { meetingId, name, avatar, role = 'participant', identity = newIdentity() } = options;
  return { id: meetingId, role, identity, ...(role === 'participant' ? { name, avatar } : {}) };
}

function newIdentity(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(IDENTITY_BYTES));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}
