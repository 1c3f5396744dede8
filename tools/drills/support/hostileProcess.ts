import { setPriority } from 'node:os';
import { HOSTILE_AVATARS } from '@/tools/avatarFile/hostileAvatars';
import { obey } from '@/tools/bench/hub/processLink';
import type { HostileAnswer, HostileOrder } from './hostileUploads';

// Attackers have machines of their own, and so take none of the cores that serve the site.
setPriority(19);

const REQUEST_MAX_MS = 60_000;

const files = Object.values(HOSTILE_AVATARS).map((make) => make());
let sent = 0;

/** Uploads the next file from an address of its own, so that no limit by address stops the attack. */
async function statusOf({ url, stays }: HostileOrder): Promise<string> {
  sent += 1;
  const stay = stays[sent % stays.length]!;
  const headers = {
    'content-type': 'model/gltf-binary',
    authorization: `Bearer ${stay.stayToken}`,
    'x-forwarded-for': `198.19.${Math.floor(sent / 256) % 256}.${sent % 256}`,
  };
  try {
    const response = await fetch(`${url}/api/avatars?meeting=${stay.id}`, {
      method: 'POST',
      headers,
      body: files[sent % files.length]!,
      signal: AbortSignal.timeout(REQUEST_MAX_MS),
    });
    await response.arrayBuffer();
    return String(response.status);
  } catch {
    return 'none';
  }
}

obey<HostileOrder, HostileAnswer>(async (order) => {
  const counts: Record<string, number> = {};
  const beganMs = performance.now();
  let begun = 0;
  const attacker = async () => {
    while (begun < order.atLeast || performance.now() - beganMs < order.forMs) {
      begun += 1;
      const status = await statusOf(order);
      counts[status] = (counts[status] ?? 0) + 1;
    }
  };
  await Promise.all(Array.from({ length: order.parallel }, attacker));
  return counts;
});
