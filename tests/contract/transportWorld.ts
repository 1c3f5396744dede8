import type { Endpoint, Transport } from '@/lib/transport/transport';
import { eventually, eventuallyEqual } from './transportChecks';

/** What a transport's tests bring along. */
export interface TransportHarness {
  /** An endpoint of `personId`, not yet connected, in one conference with all others of this harness. */
  create(personId: string | null): Promise<Transport>;
  /** Frees the conference. Endpoints are disconnected before. */
  close(): Promise<void>;
  /** Ends every open bridge channel without a farewell; absent where there is nothing to cut. */
  cutChannels?(): Promise<void>;
  /** Leaves every bridge channel open, but lets nothing through it any more; absent where that cannot be done. */
  silenceChannels?(): Promise<void>;
  /** Ends every XMPP socket without a farewell; absent where there is none. */
  cutSignalling?(): Promise<void>;
  /** Ends the server and starts another that knows nothing of it, at the same address; absent where there is none. */
  restartServer?(): Promise<void>;
}

/** What a harness may be unable to do. */
export type Fault = 'cutChannels' | 'silenceChannels' | 'cutSignalling' | 'restartServer';

/** A packet that has come. */
export interface Heard {
  readonly from: Endpoint;
  readonly bytes: number[];
}

/** Sent until everybody hears everybody: a conference may be live before its channel is open. Tests don't hear it. */
const PROBE = Uint8Array.of(0xfa, 0xfb, 0xfc);

function isProbe(bytes: Uint8Array): boolean {
  return bytes.length === PROBE.length && bytes.every((value, k) => value === PROBE[k]);
}

/** Gathers what `transport` hears from now on. */
export function listen(transport: Transport): Heard[] {
  const heard: Heard[] = [];
  transport.events.on('packet', ({ from, bytes }) => {
    if (!isProbe(bytes)) heard.push({ from, bytes: Array.from(bytes) });
  });
  return heard;
}

/** Gathers the states that `transport` enters from now on. */
export function watchStates(transport: Transport): string[] {
  const states: string[] = [];
  transport.events.on('state', ({ state }) => states.push(state));
  return states;
}

/** Who else is there, by person, sorted. */
export function peopleOf(transport: Transport): Array<string | null> {
  return [...transport.endpoints.values()].map(({ personId }) => personId).sort();
}

/** The endpoint of `personId`, as `transport` knows it; '' where it does not. */
export function endpointOf(transport: Transport, personId: string): string {
  return [...transport.endpoints.values()].find((endpoint) => endpoint.personId === personId)?.endpointId ?? '';
}

/** Whose pages are hidden, by person, sorted. */
export function hiddenOf(transport: Transport): Array<string | null> {
  return [...transport.hidden].map((id) => transport.endpoints.get(id)?.personId ?? null).sort();
}

/** Resolves once each of `transports` has heard from all the others. Sends slowly enough for any sender's allowance. */
export async function allHearAll(transports: readonly Transport[], withinMs?: number): Promise<void> {
  const heardBy = transports.map((transport) => {
    const senders = new Set<string | null>();
    const stop = transport.events.on('packet', ({ from }) => senders.add(from.endpointId));
    return { senders, stop };
  });
  const timer = setInterval(() => {
    for (const transport of transports) transport.broadcast(PROBE, PROBE.length);
  }, 100);
  try {
    await eventually(
      () => heardBy.every(({ senders }) => senders.size >= transports.length - 1),
      () => `everybody hears everybody: ${heardBy.map(({ senders }) => senders.size)}`,
      withinMs,
    );
  } finally {
    clearInterval(timer);
    for (const { stop } of heardBy) stop();
  }
}

/** One harness and the transports made in it. */
export class TransportWorld {
  private readonly transports: Transport[] = [];

  constructor(readonly harness: TransportHarness) {}

  async open<const People extends ReadonlyArray<string | null>>(
    ...people: People
  ): Promise<{ [Index in keyof People]: Transport }> {
    const opened: Transport[] = [];
    for (const personId of people) opened.push(await this.harness.create(personId));
    this.transports.push(...opened);
    return opened as { [Index in keyof People]: Transport };
  }

  /** Transports that are live, know each other and hear each other. */
  async openLive<const People extends ReadonlyArray<string | null>>(
    ...people: People
  ): Promise<{ [Index in keyof People]: Transport }> {
    const opened = await this.open(...people);
    for (const transport of opened) await transport.connect();
    for (const transport of opened) {
      await eventuallyEqual(() => transport.endpoints.size, opened.length - 1, 'people known');
    }
    await allHearAll(opened);
    return opened;
  }

  async close(): Promise<void> {
    for (const transport of this.transports) await transport.disconnect();
    await this.harness.close();
  }
}
