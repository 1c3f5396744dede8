import { setTimeout as sleep } from 'node:timers/promises';
import { HeadlessTransport } from '@/lib/transport/headless/headlessTransport';
import type { OpusSource } from '@/lib/transport/headless/voice/opusPacket';
import type { JitsiPass } from '@/lib/transport/link';
import { seededRandom } from '@/tools/seededRandom';
import type { HeadlessAnswer, HeadlessOrder, HeadlessShape, VoiceFigures } from './headlessGroup';
import { obey } from './processLink';
import { BENCH_DOMAIN, tokenOf } from './servers';

const VOICE_PACKETS = 50;
const VOICE_PACKET_MS = 20;
/** 32 kbit/s. */
const VOICE_PACKET_BYTES = 80;
const LOUDEST_DBOV = -20;
const STEP_DB = 3;

/**
 * A voice of 50 packets a second that never pauses. The hub does not decode Opus, so the bytes are random. Each person is
 * quieter than the one before, so that the hub always forwards the same ones.
 */
function syntheticVoice(person: number): OpusSource {
  const random = seededRandom(person + 1);
  const levelDbov = LOUDEST_DBOV - STEP_DB * person;
  const packets = Array.from({ length: VOICE_PACKETS }, () => ({
    data: Uint8Array.from({ length: VOICE_PACKET_BYTES }, () => Math.floor(random() * 256)),
    durationMs: VOICE_PACKET_MS,
    levelDbov,
  }));
  return { packets };
}

const POSE_PACKET_BYTES = 300;
const POSE_PERIOD_MS = 100;

function passTo({ port, conference }: HeadlessShape, personId: string): JitsiPass {
  return {
    joinToken: tokenOf(conference, personId),
    coordinates: {
      libUrl: `http://127.0.0.1:${port}/libs/lib-jitsi-meet.min.js`,
      xmppWebSocketUrl: `ws://127.0.0.1:${port}/xmpp-websocket`,
      xmppDomain: BENCH_DOMAIN,
      mucDomain: `conference.${BENCH_DOMAIN}`,
      focusDomain: `focus.${BENCH_DOMAIN}`,
      room: conference,
      identity: 'enforced',
    },
  };
}

/** A headless participant: reconnects by itself, sends packets and perhaps a voice, and records whom it hears. */
class HeadlessSeat {
  private readonly transport: HeadlessTransport;
  private readonly packet = new Uint8Array(POSE_PACKET_BYTES);
  private readonly heardAtMs = new Map<string, number>();

  constructor(shape: HeadlessShape, number: number) {
    const fetchPass = async () => passTo(shape, `person${number}`);
    this.transport = new HeadlessTransport({ fetchPass, media: shape.speaks ? 'voice' : 'none' });
    if (shape.speaks) this.transport.speak(syntheticVoice(number));
    this.transport.events.on('packet', ({ from }) => {
      this.heardAtMs.set(from.personId ?? from.endpointId, performance.timeOrigin + performance.now());
    });
    setInterval(() => this.transport.broadcast(this.packet, POSE_PACKET_BYTES), POSE_PERIOD_MS);
  }

  connect(): Promise<void> {
    return this.transport.connect();
  }

  voices(): VoiceFigures {
    const voices = [...this.transport.voiceStats().values()];
    const sum = (figure: (voice: (typeof voices)[number]) => number) =>
      voices.reduce((all, one) => all + figure(one), 0);
    return { packets: sum(({ packets }) => packets), lost: sum(({ lost }) => lost), streams: voices.length };
  }

  /** When, by the wall clock, it first had heard `others` others after `sinceMs`; null until then. */
  heardAllAtMs(others: number, sinceMs: number): number | null {
    const times = [...this.heardAtMs.values()].filter((timeMs) => timeMs > sinceMs);
    return times.length >= others ? Math.max(...times) : null;
  }
}

const LOOK_MS = 10;

let seats: HeadlessSeat[] = [];

async function join(shape: HeadlessShape): Promise<void> {
  seats = Array.from({ length: shape.count }, (_, index) => new HeadlessSeat(shape, shape.from + index));
  await Promise.all(seats.map((seat) => seat.connect()));
}

function voices(): VoiceFigures {
  const all = seats.map((seat) => seat.voices());
  const sum = (figure: keyof VoiceFigures) => all.reduce((total, one) => total + one[figure], 0);
  return { packets: sum('packets'), lost: sum('lost'), streams: sum('streams') };
}

async function heardAllMs(seat: HeadlessSeat, others: number, sinceMs: number, timeoutMs: number): Promise<number> {
  for (const endMs = performance.now() + timeoutMs; performance.now() < endMs; await sleep(LOOK_MS)) {
    const heardAtMs = seat.heardAllAtMs(others, sinceMs);
    if (heardAtMs !== null) return heardAtMs - sinceMs;
  }
  throw new Error(`a participant has not heard all ${others} others within ${timeoutMs} ms`);
}

obey<HeadlessOrder, HeadlessAnswer>(async (order) => {
  switch (order.do) {
    case 'join':
      await join(order.shape);
      return { done: true };
    case 'voices':
      return { voices: voices() };
    case 'awaitAll': {
      const { others, sinceMs, timeoutMs } = order;
      return { heardMs: await Promise.all(seats.map((seat) => heardAllMs(seat, others, sinceMs, timeoutMs))) };
    }
  }
});
