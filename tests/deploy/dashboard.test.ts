import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SiteMetrics, type SiteSample } from '@/server/metrics/siteMetrics';
import { freePort } from '@/tools/run/debian.mjs';

const FOLDER = join(process.cwd(), 'deploy');
const text = readFileSync(join(FOLDER, 'grafana/parley.json'), 'utf8');
const hasPrometheus = spawnSync('prometheus', ['--version']).status === 0;
if (!hasPrometheus)
  console.log('No prometheus here: the dashboard is asked of none. On Debian: apt-get install prometheus');

interface Target {
  readonly expr: string;
  readonly datasource: unknown;
}

interface Dashboard {
  readonly templating: { readonly list: readonly { readonly name: string; readonly type: string }[] };
  readonly panels: readonly {
    readonly id: number;
    readonly type: string;
    readonly title: string;
    readonly gridPos: { readonly x: number; readonly y: number; readonly w: number; readonly h: number };
    readonly targets?: readonly Target[];
  }[];
}

const dashboard = JSON.parse(text) as Dashboard;
const targets = dashboard.panels.flatMap(({ targets: own = [] }) => own);
const exprs = Array.from(new Set(targets.map(({ expr }) => expr)));
/** What Grafana puts in place of its variables. */
const asked = (expr: string) =>
  expr.replaceAll('$__rate_interval', '20s').replaceAll('$job', '.*').replaceAll('$instance', '.*');

/** A site on which everything happens between two scrapes, the bad as well. */
class BusySite {
  readonly metrics = new SiteMetrics('1.0.0', 1_500_000);
  private round = 0;

  go(): Promise<string> {
    const { metrics } = this;
    this.round += 1;
    const count = this.round * 100;
    metrics.joined('ok');
    metrics.joined('full');
    const reconnects = [{ kind: 'link', tookMs: 900 } as const];
    metrics.reported({ poseAgeMs: 80, poseLostShare: 0.01, joinedAfterMs: 1500, reconnects });
    metrics.recorded(1000);
    metrics.recordingFailed();
    metrics.faultReported('signature');
    metrics.messageHandled('ok');
    metrics.take({
      isDatabaseUp: true,
      census: { meetings: 1, participants: 3, spectators: 1 },
      isHubUp: true,
      hub: {
        sessions: 4,
        channels: 4,
        messagesIn: count,
        messagesOut: 3 * count,
        bytesIn: 50 * count,
        bytesOut: 150 * count,
        dropped: { rate: this.round },
        media: {
          rtpPacketsIn: count,
          rtpPacketsOut: 3 * count,
          rtpBytesIn: 80 * count,
          rtpBytesOut: 240 * count,
          rtpDropped: { late: this.round },
        },
      } as unknown as SiteSample['hub'],
      hubRestarts: 1,
      sentBytesPerSecond: 0,
      eventLoopLagMs: 0,
      memoryBytes: 1,
      recordings: 1,
      diskFreeBytes: 5e9,
      messagesQueued: 1,
      // Old enough for its rule, which fires at once.
      oldestMessageAtMs: Date.now() - 3_600_000,
    });
    return metrics.text();
  }
}

describe('the dashboard', () => {
  it('every panel of the dashboard asks the data source that its viewer has chosen, and none lies over another', () => {
    expect(dashboard.templating.list.find(({ name }) => name === 'datasource')).toMatchObject({ type: 'datasource' });
    expect(targets.length).toBeGreaterThan(30);
    for (const { datasource } of targets) expect(datasource).toEqual({ type: 'prometheus', uid: `\${datasource}` });
    const { panels } = dashboard;
    expect(new Set(panels.map(({ id }) => id)).size).toBe(panels.length);
    const taken = new Set<string>();
    for (const { title, gridPos } of panels) {
      for (let x = gridPos.x; x < gridPos.x + gridPos.w; x += 1) {
        for (let y = gridPos.y; y < gridPos.y + gridPos.h; y += 1) {
          expect(taken.has(`${x} ${y}`), title).toBe(false);
          expect(x, title).toBeLessThan(24);
          taken.add(`${x} ${y}`);
        }
      }
    }
  });

  it('every metric of the site’s own is on the dashboard', async () => {
    const own = Array.from(
      (await new SiteMetrics('1', 1).text()).matchAll(/^# TYPE (parley_\w+)/gm),
      ([, name]) => name!,
    );
    expect(own.length).toBeGreaterThan(25);
    expect(own.filter((name) => !new RegExp(`\\b${name}(?:_bucket|_count)?\\b`).test(text))).toEqual([]);
  });
});

describe.skipIf(!hasPrometheus)('the dashboard and the rules in a Prometheus', () => {
  const site = new BusySite();
  let folder: string;
  let scraped: Server;
  let prometheus: ChildProcess;
  let url: string;

  beforeAll(async () => {
    scraped = createServer(async (_request, response) => {
      response.writeHead(200, { 'content-type': site.metrics.contentType }).end(await site.go());
    });
    await new Promise<void>((resolve) => scraped.listen(0, '127.0.0.1', resolve));
    const target = `127.0.0.1:${(scraped.address() as AddressInfo).port}`;
    folder = mkdtempSync(join(tmpdir(), 'parley-prometheus-'));
    mkdirSync(join(folder, 'data'));
    const sped = (name: string) =>
      readFileSync(join(FOLDER, 'prometheus', name), 'utf8').replace(/(interval: )5s/g, '$1500ms');
    writeFileSync(join(folder, 'rules.yml'), sped('rules.yml'));
    writeFileSync(join(folder, 'prometheus.yml'), sped('prometheus.yml').replace('parley:9464', target));
    const port = await freePort();
    url = `http://127.0.0.1:${port}`;
    const args = [
      `--config.file=${join(folder, 'prometheus.yml')}`,
      `--storage.tsdb.path=${join(folder, 'data')}`,
      `--web.listen-address=127.0.0.1:${port}`,
    ];
    prometheus = spawn('prometheus', args, { stdio: 'ignore' });
  });
  afterAll(async () => {
    const ended = new Promise((resolve) => prometheus.once('exit', resolve));
    prometheus.kill('SIGKILL');
    await ended;
    scraped.closeAllConnections();
    scraped.close();
    rmSync(folder, { recursive: true, force: true });
  });

  /** The values of an expression now. */
  async function ask(expr: string): Promise<number[]> {
    const response = await fetch(`${url}/api/v1/query?${new URLSearchParams({ query: asked(expr) })}`);
    const { data, error } = (await response.json()) as {
      readonly data?: { readonly result: readonly { readonly value: [number, string] }[] };
      readonly error?: string;
    };
    if (!data) throw new Error(`${expr}: ${error}`);
    return data.result.map(({ value: [, value] }) => Number(value));
  }

  /** The expressions that Prometheus answers with nothing, or with no number. */
  async function unanswered(): Promise<string[]> {
    const answers = await Promise.all(exprs.map(async (expr) => [expr, await ask(expr)] as const));
    return answers.filter(([, values]) => !values.some(Number.isFinite)).map(([expr]) => expr);
  }

  it('Prometheus answers every expression of the dashboard with a number', async () => {
    const open = () => unanswered().catch((error: unknown) => String(error));
    await expect.poll(open, { timeout: 30_000, interval: 250 }).toEqual([]);
    // Three and one spectator, and one of two joins refused.
    expect(await ask('sum(parley_participants)')).toEqual([4]);
    expect(await ask('ALERTS{alertname="WebhookQueueOld", alertstate="firing"}')).toEqual([1]);
  });
});
