import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Page } from 'playwright-core';
import { readReport } from '@/lib/meeting/controlMessages';
import type { ParleyStats } from '@/lib/meeting/stats';
import type { Transport } from '@/lib/transport/transport';
import { openVisitor } from '@/tests/e2e/support/browser';
import { readStats, readStatsAsDrawn, waitUntilLive } from '@/tests/e2e/support/parleyPage';
import { BotParticipant } from '@/tools/bot/botParticipant';
import type { BotReport } from '@/tools/bot/botStats';
import { quantile } from '@/tools/statistics';
import { type Drill, exactly, type Figure, type Measured } from '../drill';
import type { NetworkProxy } from '../network/networkProxy';
import type { DrillWorld } from '../support/drillWorld';
import { msUntil } from '../support/listening';

/** Participants beside the browser, which watches. */
const PEOPLE = 15;
const BUDGET_MBPS = 1.5;
const AGE_P95_MAX_MS = 250;
/** Only ends a drill that hangs. */
const GATHER_MAX_MS = 240_000;
const READ_EVERY_MS = 250;
/** More than this many packets a second come from each participant. */
const PACKETS_MIN_HZ = 5;
/** More than this many reports a second from each receiver about each sender: half of what is due. */
const REPORTS_MIN_HZ = 0.25;
/** Drawing fifteen people on the CPU would leave no time to receive them: a small window, drawn now and then. */
const VIEWPORT = { width: 160, height: 120 } as const;
const DISPLAY_HZ = 5;

const ROOT = new URL('../../..', import.meta.url).pathname;

/** Headless participants in a process of their own, so that they do not hold up what is measured here. */
class BotProcess {
  private printed = '';
  private complaints = '';
  private readonly ended: Promise<number | null>;

  private constructor(private readonly child: ChildProcess) {
    child.stdout?.on('data', (chunk: Buffer) => {
      this.printed += chunk.toString();
    });
    child.stderr?.on('data', (chunk: Buffer) => {
      this.complaints += chunk.toString();
    });
    this.ended = new Promise((resolve) => child.once('exit', (code) => resolve(code)));
  }

  /** Starts `count` idle participants in a meeting of the site at `url`. */
  static start(url: string, meetingId: string, count: number): BotProcess {
    const args = ['--url', url, '--meeting', meetingId, '--count', String(count), '--json'];
    // Without tsx's own command, which kills a busy process that is slow to handle the signal.
    const command = ['--import', 'tsx', join(ROOT, 'tools/bot/main.ts'), ...args];
    return new BotProcess(spawn(process.execPath, command, { cwd: ROOT, stdio: ['ignore', 'pipe', 'pipe'] }));
  }

  /** Makes them leave and resolves with their reports; rejects with what they printed to stderr if they failed. */
  async end(): Promise<BotReport[]> {
    this.child.kill('SIGINT');
    const code = await this.ended;
    if (code !== 0) throw new Error(`The participants ended with ${code}: ${this.complaints}`);
    return JSON.parse(this.printed) as BotReport[];
  }
}

/** A server's frame has no mask: two bytes up to a length of 125, four beyond (RFC 6455, 5.2). */
const SHORT_FRAME_MAX = 125;
const SHORT_HEADER_BYTES = 2;
const LONG_HEADER_BYTES = 4;
/** Modelled, since nothing reports it: a TLS 1.3 record and the TCP and IP headers of a segment for each message. */
const TLS_BYTES = 22;
const TCP_IP_BYTES = 52;

interface FrameReceived {
  readonly requestId: string;
  readonly response: { readonly payloadData: string };
}

/** What a page receives over its bridge channel. */
interface WireMeter {
  /** Messages counted since `begin`; datagrams if the channel is a data channel. */
  readonly messages: number;
  begin(): void;
  /** Megabits a second since `begin`. */
  mbps(): number;
}

/** The datagrams of a page that is in a network of its own. */
class DatagramMeter implements WireMeter {
  private beganAtMs = performance.now();
  private before = { bytes: 0, messages: 0 };

  constructor(private readonly proxy: NetworkProxy) {}

  get messages(): number {
    return this.proxy.datagramsDown('channel') - this.before.messages;
  }

  begin(): void {
    this.beganAtMs = performance.now();
    this.before = { bytes: this.proxy.bytesDown('channel'), messages: this.proxy.datagramsDown('channel') };
  }

  mbps(): number {
    return ((this.proxy.bytesDown('channel') - this.before.bytes) * 8) / 1000 / (performance.now() - this.beganAtMs);
  }
}

/** The frames of a page's WebSocket, as they would be on the wire over TLS. */
class FrameMeter implements WireMeter {
  messages = 0;
  private bytes = 0;
  private beganAtMs = performance.now();
  private readonly channels = new Set<string>();

  /** Create it before the page's first navigation: open sockets are not reported. */
  static async attach(page: Page): Promise<FrameMeter> {
    const session = await page.context().newCDPSession(page);
    const meter = new FrameMeter();
    session.on('Network.webSocketCreated', ({ requestId, url }) => {
      if (url.includes('/colibri-ws/')) meter.channels.add(requestId);
    });
    session.on('Network.webSocketFrameReceived', (frame: FrameReceived) => meter.note(frame));
    await session.send('Network.enable');
    return meter;
  }

  begin(): void {
    this.messages = 0;
    this.bytes = 0;
    this.beganAtMs = performance.now();
  }

  mbps(): number {
    return (this.bytes * 8) / 1000 / (performance.now() - this.beganAtMs);
  }

  private note({ requestId, response }: FrameReceived): void {
    if (!this.channels.has(requestId)) return;
    const payloadBytes = Buffer.byteLength(response.payloadData);
    const headerBytes = payloadBytes <= SHORT_FRAME_MAX ? SHORT_HEADER_BYTES : LONG_HEADER_BYTES;
    this.messages += 1;
    this.bytes += payloadBytes + headerBytes + TLS_BYTES + TCP_IP_BYTES;
  }
}

/** Collects receivers' reports in a meeting: pose age as played, p95 of two seconds each, ms. */
class ReportedAges {
  readonly agesMs: number[] = [];
  /** Number of those reports with lost packets. */
  losses = 0;

  constructor(transport: Transport) {
    transport.events.on('packet', ({ bytes }) => {
      for (const endpointId of transport.endpoints.keys()) this.note(bytes, endpointId);
    });
  }

  begin(): void {
    this.agesMs.length = 0;
    this.losses = 0;
  }

  private note(bytes: Uint8Array, endpointId: string): void {
    const report = readReport(bytes, endpointId);
    if (!report) return;
    this.agesMs.push(report.ageMs);
    if (report.lostShare > 0) this.losses += 1;
  }
}

interface FullHouse {
  readonly page: Page;
  readonly wire: WireMeter;
  readonly reported: ReportedAges;
  readonly bots: BotProcess;
}

async function statsOf(page: Page): Promise<ParleyStats> {
  return (await readStats(page)).stats;
}

/** A browser that watches, a headless spectator that reads reports, and fifteen participants, all of whom arrive. */
async function fill(world: DrillWorld): Promise<FullHouse> {
  const { url, client } = world;
  const meetingId = await world.createMeeting();
  // The browser tells of a WebSocket's frames, but not of what comes over SCTP.
  const proxy = (await world.channelAt(url)) === 'datachannel' ? await world.proxy() : null;
  const pageUrl = proxy?.url ?? url;
  const { page, context } = await openVisitor(await world.browser(), pageUrl, {
    viewport: VIEWPORT,
    displayHz: DISPLAY_HZ,
  });
  world.after(() => context.close());
  const wire = proxy ? new DatagramMeter(proxy) : await FrameMeter.attach(page);
  await page.goto(`${pageUrl}/m/${meetingId}/watch`);
  await waitUntilLive(page);
  const listener = new BotParticipant({ url, client, meetingId, name: 'Listener', role: 'spectator' });
  world.after(() => listener.leave());
  await listener.join();
  const reported = new ReportedAges(listener.transport);
  const bots = BotProcess.start(url, meetingId, PEOPLE);
  world.after(() => bots.end());
  const heard = async () => (await statsOf(page)).participants.filter(({ posesReceived }) => posesReceived > 0).length;
  await msUntil('the browser hears all participants', async () => (await heard()) === PEOPLE, GATHER_MAX_MS);
  return { page, wire, reported, bots };
}

/** p95, ms, of the age of the poses that a page draws of each participant, over `forMs`. */
async function drawnP95Ms(page: Page, forMs: number): Promise<number[]> {
  const ages = new Map<string, number[]>();
  for (let passedMs = 0; passedMs < forMs; passedMs += READ_EVERY_MS) {
    const { stats } = await readStatsAsDrawn(page);
    for (const { id, poseAgeMs } of stats.participants) ages.set(id, [...(ages.get(id) ?? []), poseAgeMs]);
    await sleep(READ_EVERY_MS);
  }
  return [...ages.values()].map((one) => quantile(one, 0.95));
}

async function measureBudget(world: DrillWorld): Promise<Measured> {
  const { page, wire, reported, bots } = await fill(world);
  const { budgetMs, settlingMs } = world.scale;
  await sleep(settlingMs);
  wire.begin();
  reported.begin();
  const lostBefore = new Map((await statsOf(page)).participants.map(({ id, lost }) => [id, lost]));
  const drawnMs = await drawnP95Ms(page, budgetMs);
  const [mbps, messages] = [wire.mbps(), wire.messages];
  const { participants } = await statsOf(page);
  const losing = participants.filter(({ id, lost }) => lost > lostBefore.get(id)!).length;
  const { losses } = reported;
  const agesMs = [...reported.agesMs];
  const ended = (await bots.end()).filter(({ phase }) => phase === 'ended').length;
  const seconds = budgetMs / 1000;
  const drawn: Figure = {
    what: 'drawn pose age, p95, oldest',
    value: Math.max(...drawnMs),
    unit: 'ms',
    atMost: AGE_P95_MAX_MS,
  };
  return [
    { what: 'on the wire at one receiver', value: mbps, unit: 'Mbps', atMost: BUDGET_MBPS },
    {
      what: 'messages received',
      value: messages,
      unit: '',
      atLeast: PEOPLE * PACKETS_MIN_HZ * seconds + 1,
      loadDependent: true,
    },
    { what: 'participants in the page', value: participants.length, unit: 'people', ...exactly(PEOPLE) },
    { what: 'participants with lost packets', value: losing, unit: 'people', ...exactly(0), loadDependent: true },
    {
      what: 'reports',
      value: agesMs.length,
      unit: '',
      atLeast: PEOPLE * (PEOPLE - 1) * REPORTS_MIN_HZ * seconds + 1,
      loadDependent: true,
    },
    { what: 'reported pose age, p95', value: quantile(agesMs, 0.95), unit: 'ms', atMost: AGE_P95_MAX_MS },
    { what: 'reports of lost packets', value: losses, unit: '', ...exactly(0), loadDependent: true },
    ...(world.draws ? [drawn] : []),
    { what: 'participants that left in order', value: ended, unit: 'people', ...exactly(PEOPLE) },
  ];
}

/** Sixteen in one meeting: a browser and fifteen headless participants. */
export const budget: Drill = {
  name: 'budget',
  passMark: '16 in one meeting: <= 1.5 Mbps on the wire at one receiver, pose age <= 250 ms p95, no packet lost',
  needsServer: false,
  measuresDrawing: true,
  run: measureBudget,
};
