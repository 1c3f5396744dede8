import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hasNginx, type Nginx, startNginx } from '@/tools/bench/broadcast/nginx';

if (!hasNginx)
  console.log('nginx is not here: deploy/nginx.conf is not tested. On Debian: apt-get install nginx-light');

const LIVE = '/b/id.1.live';
const OWN = '/b/id.1.watch';

describe.skipIf(!hasNginx)('the sample for nginx', () => {
  let origin: Server;
  let nginx: Nginx;
  const asked = new Map<string, number>();
  /** Segments below this are there. */
  let newest = 100;

  beforeAll(async () => {
    origin = createServer((request, response) => {
      const path = request.url!;
      asked.set(path, (asked.get(path) ?? 0) + 1);
      const number = Number(/(\d+)\.bin/.exec(path)?.[1] ?? Number.NaN);
      const answer = (cacheControl: string) => {
        response.writeHead(number >= newest ? 404 : 200, {
          'cache-control': number >= newest ? 'no-store' : cacheControl,
        });
        response.end(JSON.stringify({ path, from: request.headers['x-forwarded-for'] }));
      };
      // Slow enough for others to ask meanwhile.
      if (path.startsWith(OWN)) answer('private, max-age=3600');
      else if (path.endsWith('live.json')) setTimeout(answer, 50, 'public, max-age=1');
      else if (path.startsWith(LIVE)) setTimeout(answer, 50, 'public, max-age=31536000, immutable');
      else if (path === '/stream') response.write('data: first\n\n');
      else answer('no-store');
    });
    await new Promise<void>((resolve) => origin.listen(0, '127.0.0.1', resolve));
    nginx = await startNginx(`http://127.0.0.1:${(origin.address() as AddressInfo).port}`);
  });
  afterAll(async () => {
    await nginx?.stop();
    origin?.closeAllConnections();
    origin?.close();
  });

  const get = async (path: string) => {
    const response = await fetch(`${nginx.url}${path}`);
    return { status: response.status, text: await response.text() };
  };

  it('a segment that hundreds want at once is asked of Parley once, and never again', async () => {
    const path = `${LIVE}/000007.bin`;
    const answers = await Promise.all(Array.from({ length: 300 }, () => get(path)));
    expect(answers.every(({ status, text }) => status === 200 && text.includes(path))).toBe(true);
    await get(path);
    expect(asked.get(path)).toBe(1);
  });

  it('one that is asked for too early is not remembered as missing', async () => {
    const path = `${LIVE}/000100.bin`;
    expect((await get(path)).status).toBe(404);
    newest = 101;
    expect((await get(path)).status).toBe(200);
  });

  it('what there is is asked for once a second', async () => {
    const path = `${LIVE}/live.json`;
    const beganMs = performance.now();
    for (let round = 0; round < 3; round += 1) await Promise.all(Array.from({ length: 50 }, () => get(path)));
    const seconds = Math.ceil((performance.now() - beganMs) / 1000);
    expect(asked.get(path)).toBeLessThanOrEqual(1 + seconds);
  });

  it('what a recording’s own link opens is kept for nobody', async () => {
    const path = `${OWN}/000007.bin`;
    await get(path);
    await get(path);
    expect(asked.get(path)).toBe(2);
  });

  it('events come at once, and Parley learns who asks', async () => {
    const { body } = await fetch(`${nginx.url}/stream`);
    const reader = body!.getReader();
    expect(new TextDecoder().decode((await reader.read()).value)).toBe('data: first\n\n');
    await reader.cancel();
    expect((await get('/')).text).toContain('"from":"127.0.0.1"');
  });
});
