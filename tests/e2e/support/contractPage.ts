import { JitsiTransport } from '@/lib/transport/jitsi/jitsiTransport';
import type { JitsiPass } from '@/lib/transport/link';
import { Roster } from '@/tests/contract/roster';
import { TRANSPORT_CASES } from '@/tests/contract/transportCases';
import { type Fault, TransportWorld } from '@/tests/contract/transportWorld';

/** What the test process offers to the page. */
interface Process {
  passFor(conference: number, personId: string | null): Promise<JitsiPass>;
  doFault(conference: number, fault: Fault): Promise<void>;
}

/** The outcome of one case, for the test process. */
export interface CaseResult {
  readonly failure: string | null;
}

/** The script of a page that runs the transport contract, many cases at a time, over real conferences of lib-jitsi-meet. */
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

function createWorld(conference: number, faults: readonly Fault[]): TransportWorld {
  const can = (fault: Fault) => (faults.includes(fault) ? () => process.doFault(conference, fault) : undefined);
  const transports: JitsiTransport[] = [];
  const roster = new Roster();
  return new TransportWorld({
    create: async (personId) => {
      const identities = roster.identitiesOf(personId ?? 'nobody');
      const fetchPass = () => process.passFor(conference, personId);
      const transport = new JitsiTransport({ fetchPass, identities });
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

async function runCase(id: string, conference: number, faults: readonly Fault[]): Promise<CaseResult> {
  const world = createWorld(conference, faults);
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
