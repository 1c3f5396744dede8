import type { Endpoint, Transport } from '@/lib/transport/transport';

/* Runs in Node and in a page, so it does without a test framework. */

/** Only ends a test that hangs: how fast a transport is depends on load, and is measured by drills. */
const ARRIVES_WITHIN_MS = 60_000;
const POLL_MS = 20;

/** A failed check. */
class CheckError extends Error {}

export function check(isTrue: boolean, what: string): void {
  if (!isTrue) throw new CheckError(what);
}

/** Compares as JSON. */
export function checkEqual(actual: unknown, expected: unknown, what: string): void {
  const [is, shouldBe] = [JSON.stringify(actual), JSON.stringify(expected)];
  check(is === shouldBe, `${what}: ${is} instead of ${shouldBe}`);
}

/** Waits until `isTrue`. @throws CheckError if that takes a minute */
export async function eventually(isTrue: () => boolean, what: string | (() => string)): Promise<void> {
  const endMs = performance.now() + ARRIVES_WITHIN_MS;
  while (!isTrue()) {
    if (performance.now() > endMs) {
      throw new CheckError(`not within ${ARRIVES_WITHIN_MS} ms: ${typeof what === 'string' ? what : what()}`);
    }
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
}

/** Waits until `value` equals `expected`, compared as JSON. */
export function eventuallyEqual(value: () => unknown, expected: unknown, what: string): Promise<void> {
  const shouldBe = JSON.stringify(expected);
  return eventually(
    () => JSON.stringify(value()) === shouldBe,
    () => `${what}: ${JSON.stringify(value())} instead of ${shouldBe}`,
  );
}

/** One thing that every transport must do; runs in Node and in a page. Ids are the rules of lib/transport/SPEC.md. */
export interface TransportCase {
  readonly id: string;
  readonly title: string;
  /** What the harness must be able to do to the conference. */
  readonly needs?: Fault;
  run(world: TransportWorld): Promise<void>;
}

/** The conference that a transport is tested in. */
export interface TransportHarness {
  /** Creates an endpoint of `personId`, not yet connected, in the same conference as all others of this harness. */
  create(personId: string | null): Promise<Transport>;
  /** Frees the conference, after its endpoints have disconnected. */
  close(): Promise<void>;
  /** Cuts every open bridge channel; absent if there is nothing to cut. */
  cutChannels?(): Promise<void>;
  /** Leaves every bridge channel open but lets nothing through; absent if that is impossible. */
  silenceChannels?(): Promise<void>;
  /** Cuts every XMPP socket; absent if there is none. */
  cutSignalling?(): Promise<void>;
  /** Cuts every XMPP socket, old and new, for {@link SIGNALLING_AWAY_MS}; absent if there is none. Resolves at once. */
  blockSignalling?(): Promise<void>;
  /** Replaces the server with a fresh one at the same address; absent if there is none. */
  restartServer?(): Promise<void>;
  /**
   * Creates an endpoint that is in no roster, and that says of itself, in presence and over the bridge, whatever `personId` and
   * everybody else says. Absent where the conference itself enforces who is who. `endpointId`: the id that it enters under, where
   * it can choose.
   */
  createStranger?(personId: string, endpointId?: string): Promise<Transport>;
  /** From now on no media comes through to `transport`; nothing to do where none ever does. Absent if that is impossible. */
  blockMedia?(transport: Transport): Promise<void>;
}

/** What a harness may be unable to do. */
export type Fault =
  | 'cutChannels'
  | 'silenceChannels'
  | 'cutSignalling'
  | 'blockSignalling'
  | 'restartServer'
  | 'blockMedia';

/** How long XMPP stays away: longer than a transport waits for it to resume. */
export const SIGNALLING_AWAY_MS = 8_000;

/** A packet that has arrived. */
export interface Heard {
  readonly from: Endpoint;
  readonly bytes: number[];
}

/** Sent until all endpoints hear each other: a conference may be live before its channel is open. Hidden from tests. */
const PROBE = Uint8Array.of(0xfa, 0xfb, 0xfc);

function isProbe(bytes: Uint8Array): boolean {
  return bytes.length === PROBE.length && bytes.every((value, k) => value === PROBE[k]);
}

/** Collects the packets that `transport` receives from now on. */
export function listen(transport: Transport): Heard[] {
  const heard: Heard[] = [];
  transport.events.on('packet', ({ from, bytes }) => {
    if (!isProbe(bytes)) heard.push({ from, bytes: Array.from(bytes) });
  });
  return heard;
}

/** Collects the states that `transport` enters from now on. */
export function watchStates(transport: Transport): string[] {
  const states: string[] = [];
  transport.events.on('state', ({ state }) => states.push(state));
  return states;
}

const errorCollectors = new Set<unknown[]>();
const writeError = console.error;

/** Collects what is logged as an error until `stop`, instead of writing it. Cases that run side by side may all collect. */
export function collectErrors(): { reported: readonly unknown[]; stop: () => void } {
  const reported: unknown[] = [];
  errorCollectors.add(reported);
  console.error = (value: unknown) => {
    for (const each of errorCollectors) each.push(value);
  };
  const stop = () => {
    errorCollectors.delete(reported);
    if (errorCollectors.size === 0) console.error = writeError;
  };
  return { reported, stop };
}

/** The people of the other endpoints, sorted. */
export function peopleOf(transport: Transport): Array<string | null> {
  return [...transport.endpoints.values()].map(({ personId }) => personId).sort();
}

/** The endpoint of `personId` as `transport` knows it; '' if it does not. */
export function endpointOf(transport: Transport, personId: string): string {
  return [...transport.endpoints.values()].find((endpoint) => endpoint.personId === personId)?.endpointId ?? '';
}

/** The people whose pages are hidden, sorted. */
export function hiddenOf(transport: Transport): Array<string | null> {
  return [...transport.hidden].map((id) => transport.endpoints.get(id)?.personId ?? null).sort();
}

/** The people who say that no media comes through to them, sorted. */
export function unheardOf(transport: Transport): Array<string | null> {
  return [...transport.unheard].map((id) => transport.endpoints.get(id)?.personId ?? null).sort();
}

/** What a transport says of itself, to see why it hears nobody. */
function stateOf({ endpointId, state, trouble, isChannelOpen, endpoints }: Transport) {
  return { endpointId, state, trouble, isChannelOpen, others: [...endpoints.values()] };
}

/** Resolves once each of `transports` has heard from all others. Sends slowly enough for any rate limit. */
export async function allHearAll(transports: readonly Transport[]): Promise<void> {
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
      () =>
        `all hear each other: ${heardBy.map(({ senders }) => senders.size)} of ${JSON.stringify(transports.map(stateOf))}`,
    );
  } finally {
    clearInterval(timer);
    for (const { stop } of heardBy) stop();
  }
}

/** One harness and the transports created in it. */
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

  /** See {@link TransportHarness.createStranger}. */
  async openStranger(personId: string, endpointId?: string): Promise<Transport> {
    const stranger = await this.harness.createStranger!(personId, endpointId);
    this.transports.push(stranger);
    return stranger;
  }

  async close(): Promise<void> {
    for (const transport of this.transports) await transport.disconnect();
    await this.harness.close();
  }
}
