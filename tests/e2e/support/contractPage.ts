import { JitsiTransport } from '@/lib/transport/jitsi/jitsiTransport';
import type { JitsiPass } from '@/lib/transport/link';
import { Roster } from '@/tests/contract/roster';
import { TRANSPORT_CASES } from '@/tests/contract/transportCases';
import { type Fault, TransportWorld } from '@/tests/contract/transportWorld';

/** What the test process offers to the page. */
interface Process {
  passFor(personId: string | null): Promise<JitsiPass>;
  doFault(fault: Fault): Promise<void>;
}

/** The outcome of one case, for the test process. */
export interface CaseResult {
  readonly failure: string | null;
}

/** The script of a page that runs the transport contract over real conferences of lib-jitsi-meet. */
const process = globalThis as unknown as Process;

/** The way through transport and library to a data channel. */
interface Innards {
  readonly link?: {
    readonly conference?: { readonly rtc?: { readonly _channel?: { readonly _channel?: RTCDataChannel } } };
  };
}

/** Closes a data channel as its other side would, behind the library's back. */
function endChannel(transport: JitsiTransport): void {
  (transport as unknown as Innards).link?.conference?.rtc?._channel?._channel?.close();
}

function createWorld(faults: readonly Fault[]): TransportWorld {
  const can = (fault: Fault) => (faults.includes(fault) ? () => process.doFault(fault) : undefined);
  const transports: JitsiTransport[] = [];
  const roster = new Roster();
  return new TransportWorld({
    create: async (personId) => {
      const identities = roster.identitiesOf(personId ?? 'nobody');
      const transport = new JitsiTransport({ fetchPass: () => process.passFor(personId), identities });
      transports.push(transport);
      return transport;
    },
    close: async () => {},
    cutChannels: can('cutChannels') ?? (async () => transports.forEach(endChannel)),
    silenceChannels: can('silenceChannels'),
    cutSignalling: can('cutSignalling'),
    blockSignalling: can('blockSignalling'),
    restartServer: can('restartServer'),
    blockMedia: can('blockMedia'),
  });
}

async function runCase(id: string, faults: readonly Fault[]): Promise<CaseResult> {
  const world = createWorld(faults);
  try {
    await TRANSPORT_CASES.find((one) => one.id === id)?.run(world);
    return { failure: null };
  } catch (error) {
    return { failure: String(error) };
  } finally {
    await world.close();
  }
}

Object.assign(globalThis, { runCase });
