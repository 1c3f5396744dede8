import type { ChildProcess } from 'node:child_process';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import type { Admission } from '@/lib/core/admission';
import { backoffMs } from '@/lib/core/backoff';
import { Emitter } from '@/lib/core/emitter';
import type { Log } from '@/lib/core/log';
import type { RequestHandler } from '@/server/http/httpServer';
import { HubRequests, isHubUpgrade } from '@/server/hub/hubRequests';
import type { HubStats } from '@/server/hub/hubStats';
import { refuseUpgrade } from '@/server/hub/webSockets';
import { forkProcess } from '@/server/modules';
import type { Recorder, RecorderEvents } from '@/server/recorder/recorderContract';
import type { RecorderNews } from '@/server/recorder/tapRecorder';
import type { Answer, FromHub, HubSettings, Question, ToHub } from './hubMessages';

/** What the hub's process is started from. */
export interface HubProcessOptions {
  readonly settings: HubSettings;
  readonly admission: Admission;
  /** The file of lib-jitsi-meet to serve. */
  readonly libJitsiMeetPath: string;
  readonly log: Log;
}

/** Sockets on their way to the hub; more mean that it does not take them. */
const IN_TRANSIT_MAX = 256;
/** A hub that ran this long has not failed at its start. */
const STEADY_MS = 10_000;
const RESTART_PAUSE_MAX_MS = 5_000;
/** How long the hub has to say goodbye to its clients. */
const CLOSE_MAX_MS = 1_000;

function startProcess(): ChildProcess {
  return forkProcess(new URL('./hubMain.ts', import.meta.url), {
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    serialization: 'advanced',
  });
}

/**
 * The hub in a process of its own, so that neither pages nor the API nor files hold up a pose. This process owns the port
 * and hands the sockets of the hub's paths over; the hub opens its media sockets itself. One that ends is started again.
 */
export class HubProcess implements RequestHandler {
  /** Records conferences of the hub, in the hub's process. */
  readonly recorder: Recorder;
  private readonly requests: HubRequests;
  private child: ChildProcess;
  private isReady = false;
  private ends = 0;
  private latestStats: HubStats | null = null;
  private wasReady = false;
  private isClosing = false;
  private failures = 0;
  private inTransit = 0;
  private restart: NodeJS.Timeout | undefined;

  private constructor(
    private readonly options: HubProcessOptions,
    onReady: () => void,
    onFailure: () => void,
  ) {
    const { libJitsiMeetPath, log, settings } = options;
    this.requests = new HubRequests({
      libraryPath: libJitsiMeetPath,
      focusJid: `focus@auth.${settings.domain}`,
      takesConferenceRequests: !settings.jicofo,
      log,
      reportError: (error) => log.error('a request to the hub failed', { error: String(error) }),
    });
    this.recorder = {
      events: new Emitter((error) => log.error('a listener to recordings failed', { error: String(error) })),
      start: (order) => this.tell({ kind: 'record', order }),
      follow: (id, event) => this.tell({ kind: 'follow', id, event }),
      stop: (id) => this.tell({ kind: 'stopRecording', id }),
    };
    this.child = this.start(onReady);
    this.child.once('exit', onFailure);
  }

  /** Resolves once the hub takes connections. Rejects if its process ends instead. */
  static start(options: HubProcessOptions): Promise<HubProcess> {
    return new Promise((resolve, reject) => {
      const failure = () => reject(new Error('The embedded Jitsi could not be started: see the lines above.'));
      const hub = new HubProcess(options, () => resolve(hub), failure);
    });
  }

  /** Whether it takes connections now. */
  get isUp(): boolean {
    return this.isReady;
  }

  /** Times that it ended and was started again. */
  get restarts(): number {
    return this.ends;
  }

  /** What it last told of itself; null while it is away. */
  get stats(): HubStats | null {
    return this.isReady ? this.latestStats : null;
  }

  /** The hub's process id; a new one after a crash. */
  get pid(): number | undefined {
    return this.child.pid;
  }

  handleRequest(request: IncomingMessage, response: ServerResponse): boolean {
    return this.requests.handle(request, response);
  }

  handleUpgrade(request: IncomingMessage, socket: Duplex, head: Buffer): boolean {
    if (!isHubUpgrade(request)) return false;
    if (this.isReady && this.inTransit < IN_TRANSIT_MAX) this.handOver(request, socket as Socket, head);
    else refuseUpgrade(socket, '503 Service Unavailable');
    return true;
  }

  /** Destroys a room and ends every session that may enter it. */
  endRoom(room: string): void {
    this.tell({ kind: 'endRoom', room });
  }

  /** Removes every session of a person from a room. */
  removePerson(room: string, personId: string): void {
    this.tell({ kind: 'removePerson', room, personId });
  }

  /** Voids the tokens of this stay. */
  revokeStay(stayId: string): void {
    this.tell({ kind: 'revokeStay', stayId });
  }

  /** See {@link Hub.strike}. */
  strike(): void {
    this.tell({ kind: 'strike' });
  }

  /** Closes every connection of the hub and ends its process. */
  async close(): Promise<void> {
    this.isClosing = true;
    clearTimeout(this.restart);
    const { child } = this;
    if (child.exitCode !== null || child.signalCode !== null) return;
    const gone = new Promise((resolve) => child.once('exit', resolve));
    this.tell({ kind: 'close' });
    const tooLate = setTimeout(() => child.kill('SIGKILL'), CLOSE_MAX_MS);
    await gone;
    clearTimeout(tooLate);
  }

  private start(onReady?: () => void): ChildProcess {
    const child = startProcess();
    const startedAtMs = performance.now();
    child.on('message', (message: FromHub) => {
      if (message.kind === 'question') return void this.answer(child, message.call, message.question);
      if (message.kind === 'recording') return this.announce(message.news);
      if (message.kind === 'stats') {
        this.latestStats = message.stats;
        return;
      }
      this.isReady = true;
      // What was being recorded ended with the process before.
      if (this.wasReady) this.announce({ kind: 'restarted' });
      this.wasReady = true;
      onReady?.();
    });
    // A message that finds the process gone; its end is reported below.
    child.on('error', () => {});
    child.once('exit', (code, signal) => this.onExit(performance.now() - startedAtMs, code ?? signal));
    child.send({ kind: 'start', settings: this.options.settings } satisfies ToHub);
    return child;
  }

  private announce({ kind, ...news }: RecorderNews): void {
    this.recorder.events.emit(kind, news as RecorderEvents[typeof kind]);
  }

  private onExit(livedMs: number, why: number | string | null): void {
    this.isReady = false;
    this.inTransit = 0;
    if (this.isClosing || !this.wasReady) return;
    this.ends += 1;
    this.failures = livedMs > STEADY_MS ? 0 : this.failures + 1;
    const pauseMs = this.failures === 0 ? 0 : backoffMs(this.failures - 1, RESTART_PAUSE_MAX_MS, Math.random());
    this.options.log.error('the hub ended and starts again; its clients come back', {
      why,
      pauseMs: Math.round(pauseMs),
    });
    this.restart = setTimeout(() => {
      this.child = this.start();
    }, pauseMs);
  }

  private async answer(child: ChildProcess, call: number, question: Question): Promise<void> {
    const { admission, log } = this.options;
    const asked: Promise<Answer> =
      question.about === 'token' ? admission.verify(question.token) : admission.review(question.present);
    const answer = await asked.catch((error: unknown) => {
      log.debug('the hub gets no answer', { about: question.about, error: String(error) });
      return null;
    });
    send(child, { kind: 'answer', call, answer });
  }

  private handOver(request: IncomingMessage, socket: Socket, head: Buffer): void {
    const { child } = this;
    const { method = 'GET', url = '/', headers } = request;
    const message: ToHub = {
      kind: 'upgrade',
      request: { method, url, headers, head },
    };
    this.inTransit += 1;
    stopReading(socket);
    child.send(message, socket, {}, (error) => {
      if (child === this.child) this.inTransit = Math.max(0, this.inTransit - 1);
      if (error) socket.destroy();
    });
  }

  private tell(message: ToHub): void {
    if (this.isReady) send(this.child, message);
  }
}

/**
 * Leaves what a client sends from now on to the hub. `pause` would not: until the hub has confirmed a socket, Node keeps
 * its handle open here, and would read from it and drop what it reads.
 */
function stopReading(socket: Socket): void {
  const { _handle: handle } = socket as Socket & { readonly _handle?: { readStop(): number } | null };
  handle?.readStop();
}

function send(child: ChildProcess, message: ToHub): void {
  // A process that has just ended knows nothing of what it is told.
  if (child.connected) child.send(message, () => {});
}
