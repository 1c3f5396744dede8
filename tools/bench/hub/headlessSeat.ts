import { HeadlessTransport } from '@/lib/transport/headless/headlessTransport';
import type { JitsiPass } from '@/lib/transport/link';
import type { HeadlessShape, VoiceFigures } from './headless';
import { BENCH_DOMAIN, tokenOf } from './servers';
import { syntheticVoice } from './syntheticVoice';

const PACKET_BYTES = 300;
const PERIOD_MS = 100;

function passTo({ port, room }: HeadlessShape, personId: string): JitsiPass {
  return {
    joinToken: tokenOf(room, personId),
    coordinates: {
      libUrl: `http://127.0.0.1:${port}/libs/lib-jitsi-meet.min.js`,
      xmppWebSocketUrl: `ws://127.0.0.1:${port}/xmpp-websocket`,
      xmppDomain: BENCH_DOMAIN,
      mucDomain: `conference.${BENCH_DOMAIN}`,
      focusDomain: `focus.${BENCH_DOMAIN}`,
      room,
    },
  };
}

/** A headless participant as programs use it: comes back by itself, sends packets and perhaps a voice, notes whom it hears. */
export class HeadlessSeat {
  private readonly transport: HeadlessTransport;
  private readonly packet = new Uint8Array(PACKET_BYTES);
  private readonly heardAtMs = new Map<string, number>();

  constructor(shape: HeadlessShape, number: number) {
    const fetchPass = async () => passTo(shape, `person${number}`);
    this.transport = new HeadlessTransport({ fetchPass, media: shape.speaks ? 'voice' : 'none' });
    if (shape.speaks) this.transport.speak(syntheticVoice(number));
    this.transport.events.on('packet', ({ from }) => {
      this.heardAtMs.set(from.personId ?? from.endpointId, performance.timeOrigin + performance.now());
    });
    setInterval(() => this.transport.broadcast(this.packet, PACKET_BYTES), PERIOD_MS);
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

  /** When, by the wall clock, the last of `others` others was heard, each after `sinceMs`; null while one was not. */
  heardAllAtMs(others: number, sinceMs: number): number | null {
    const times = [...this.heardAtMs.values()].filter((timeMs) => timeMs > sinceMs);
    return times.length >= others ? Math.max(...times) : null;
  }
}
