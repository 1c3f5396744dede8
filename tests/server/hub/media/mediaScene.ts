import { expect, vi } from 'vitest';
import { systemClock } from '@/lib/core/clock';
import { silentLog } from '@/lib/core/log';
import type { MediaSettings, MediaSource } from '@/server/hub/media/mediaContract';
import { MediaRouter } from '@/server/hub/media/mediaRouter';
import { LOOPBACK_MEDIA } from '@/tests/server/hub/testHub';
import { MediaClient, type MediaClientOptions } from './mediaClient';

const routers: MediaRouter[] = [];
const clients: MediaClient[] = [];
const sweeps: NodeJS.Timeout[] = [];

/** A router that is swept as in the hub. It ends with the test. */
export function createRouter(
  settings: Partial<MediaSettings> = {},
  options: Pick<ConstructorParameters<typeof MediaRouter>[0], 'forwardedVoicesMax' | 'dialect'> = {},
): MediaRouter {
  const router = new MediaRouter({
    settings: { ...LOOPBACK_MEDIA, ...settings },
    clock: systemClock,
    log: silentLog,
    ...options,
  });
  routers.push(router);
  sweeps.push(setInterval(() => router.sweep(), 500));
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

export const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

/** Call after each test. */
export async function endAll(): Promise<void> {
  for (const sweep of sweeps.splice(0)) clearInterval(sweep);
  await Promise.all(clients.splice(0).map((client) => client.close()));
  await Promise.all(routers.splice(0).map((router) => router.close()));
}
