import { IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import type { Admission, AdmissionResult, Presence } from '@/lib/core/admission';
import { systemClock, wallClock } from '@/lib/core/clock';
import { Hub } from '@/server/hub/hub';
import { HUB_LIMITS, type HubLimits } from '@/server/hub/hubLimits';
import { descriptorsLeft } from '@/server/limits/descriptors';
import { type RecorderNews, TapRecorder } from '@/server/recorder/tapRecorder';
import { createServerLog } from '@/server/serverLog';
import type { Answer, FromHub, HubSettings, PassedRequest, Question, ToHub } from './hubMessages';

/** Descriptors kept for the process itself. */
const RESERVED_DESCRIPTORS = 16;

/** Asks the process that knows tokens and stays; answers come in any order. */
class RemoteAdmission implements Admission {
  private readonly waiting = new Map<number, (answer: Answer) => void>();
  private calls = 0;

  async verify(token: string | null): Promise<AdmissionResult> {
    return this.ask<AdmissionResult>({ about: 'token', token });
  }

  async review(present: readonly Presence[]): Promise<readonly string[]> {
    return this.ask<readonly string[]>({ about: 'presences', present });
  }

  answered(call: number, answer: Answer): void {
    this.waiting.get(call)?.(answer);
    this.waiting.delete(call);
  }

  private async ask<Wanted extends Answer>(question: Question): Promise<NonNullable<Wanted>> {
    this.calls += 1;
    const call = this.calls;
    const answer = await new Promise<Answer>((resolve) => {
      this.waiting.set(call, resolve);
      tell({ kind: 'question', call, question });
    });
    if (answer === null) throw new Error('no answer can be given now');
    return answer as NonNullable<Wanted>;
  }
}

function tell(message: FromHub): void {
  process.send?.(message);
}

/** Sockets are limited by the descriptors that are left, of which media connections need some. */
function limits(): Partial<HubLimits> {
  const sockets = Math.max(1, Math.floor(((descriptorsLeft() - RESERVED_DESCRIPTORS) * 2) / 3));
  const connectionsMax = Math.min(HUB_LIMITS.connectionsMax, sockets);
  const unauthenticatedMaxPerAddress = Math.min(HUB_LIMITS.unauthenticatedMaxPerAddress, Math.ceil(connectionsMax / 4));
  return { connectionsMax, connectionsMaxPerAddress: Math.ceil(connectionsMax / 2), unauthenticatedMaxPerAddress };
}

function createHub({ log, recordings: _, statsEveryMs: __, ...settings }: HubSettings, admission: Admission): Hub {
  return new Hub({
    ...settings,
    admission,
    libJitsiMeetPath: null,
    clock: systemClock,
    log: createServerLog(log),
    limits: limits(),
  });
}

function createRecorder({ recordings: place, log: logSettings }: HubSettings, hub: Hub): TapRecorder | null {
  if (!place) return null;
  const onNews = (news: RecorderNews) => tell({ kind: 'recording', news });
  const log = createServerLog(logSettings);
  return new TapRecorder({ conferences: hub, place, clock: systemClock, wall: wallClock, log, onNews });
}

function tellStats(hub: Hub, everyMs: number): void {
  const now = () => tell({ kind: 'stats', stats: hub.stats() });
  now();
  setInterval(now, everyMs).unref();
}

function requestOf({ method, url, headers }: PassedRequest, socket: Socket): IncomingMessage {
  const request = new IncomingMessage(socket);
  return Object.assign(request, { method, url, headers, httpVersion: '1.1' });
}

function upgrade(hub: Hub, request: PassedRequest, socket: Socket): void {
  const isTaken = hub.handleUpgrade(requestOf(request, socket), socket, Buffer.from(request.head));
  if (!isTaken) socket.destroy();
}

function end(): never {
  process.exit(0);
}

function obey(): void {
  const admission = new RemoteAdmission();
  let hub: Hub | null = null;
  let recorder: TapRecorder | null = null;
  process.on('message', (message: ToHub, socket?: Socket) => {
    if (message.kind === 'start') {
      hub = createHub(message.settings, admission);
      recorder = createRecorder(message.settings, hub);
      tellStats(hub, message.settings.statsEveryMs);
      return tell({ kind: 'ready' });
    }
    switch (message.kind) {
      case 'upgrade':
        // A socket may be gone before it gets here.
        if (hub && socket) upgrade(hub, message.request, socket);
        break;
      case 'answer':
        admission.answered(message.call, message.answer);
        break;
      case 'endRoom':
        hub?.endRoom(message.room);
        break;
      case 'removePerson':
        hub?.removePerson(message.room, message.personId);
        break;
      case 'revokeStay':
        hub?.revokeStay(message.stayId);
        break;
      case 'strike':
        hub?.strike();
        break;
      case 'record':
        recorder?.start(message.order);
        break;
      case 'follow':
        recorder?.follow(message.id, message.event);
        break;
      case 'stopRecording':
        recorder?.stop(message.id);
        break;
      default:
        void Promise.allSettled([hub?.close(), recorder?.close()]).finally(end);
    }
  });
}

// Ctrl-C reaches all processes of a terminal; this one ends when the one that started it says so, or is gone.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => {});
process.on('disconnect', end);
obey();
