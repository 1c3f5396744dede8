import { expect, vi } from 'vitest';
import { type Clock, systemClock } from '@/lib/core/clock';
import { silentLog } from '@/lib/core/log';
import type { MediaSettings, MediaSource } from '@/server/hub/media/mediaContract';
import { MediaRouter } from '@/server/hub/media/mediaRouter';
import { LOOPBACK_MEDIA } from '@/tests/server/hub/testHub';
import { MediaClient, type MediaClientOptions } from './mediaClient';

const routers: MediaRouter[] = [];
const clients: MediaClient[] = [];
const sweeps: NodeJS.Timeout[] = [];

/** As in the hub. */
export const SWEEP_EVERY_MS = 500;

/** The system's clock until a test holds it; from then on it stands still but for what the test moves it. */
export class HeldClock implements Clock {
  private heldMs: number | null = null;

  nowMs(): number {
    return this.heldMs ?? systemClock.nowMs();
  }

  hold(): void {
    this.heldMs = this.nowMs();
  }

  /** Moves a held clock. */
  advance(deltaMs: number): void {
    this.heldMs = this.nowMs() + deltaMs;
  }
}

/** A router that is swept as in the hub. It ends with the test. */
export function createRouter(
  settings: Partial<MediaSettings> = {},
  options: Pick<ConstructorParameters<typeof MediaRouter>[0], 'forwardedVoicesMax' | 'dialect' | 'taps'> & {
    readonly clock?: Clock;
  } = {},
): MediaRouter {
  const router = new MediaRouter({
    settings: { ...LOOPBACK_MEDIA, ...settings },
    clock: systemClock,
    log: silentLog,
    ...options,
  });
  routers.push(router);
  sweeps.push(setInterval(() => router.sweep(), SWEEP_EVERY_MS));
  return router;
}

/** A client whose DTLS is up. It ends with the test. */
export async function connect(router: MediaRouter, options: MediaClientOptions): Promise<MediaClient> {
  const client = await MediaClient.connect(router, options);
  clients.push(client);
  return client;
}

export const microphone = (ssrc: number): MediaSource => ({ ssrc, kind: 'audio' });

/** Waits until the hub's side of this many connections is up too. */
export async function allConnected(router: MediaRouter, count: number): Promise<void> {
  await vi.waitFor(() => expect(router.stats().connected).toBe(count), 10_000);
}

/** Waits until this many RTP packets have arrived at the hub since it began, so that no buffer on the way overflows. */
export async function allArrived(router: MediaRouter, count: number): Promise<void> {
  await vi.waitFor(() => expect(router.stats().rtpPacketsIn).toBe(count), { timeout: 10_000, interval: 2 });
}

export const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

/** Call after each test. */
export async function endAll(): Promise<void> {
  for (const sweep of sweeps.splice(0)) clearInterval(sweep);
  await Promise.all(clients.splice(0).map((client) => client.close()));
  await Promise.all(routers.splice(0).map((router) => router.close()));
}
