import { createHash, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { RequestHandler } from '@/server/http/httpServer';
import type { SiteMetrics, SiteSample } from './siteMetrics';

const TEXT = 'text/plain; charset=utf-8';

/** Why the site is not ready, one word each. */
export type Lack = 'starting' | 'database' | 'hub' | 'disk' | 'draining';

/** Less than this is as good as nothing: no database can go on. */
const DISK_MIN_BYTES = 16 * 1024 * 1024;

export interface ProbesParts {
  readonly metrics: Pick<SiteMetrics, 'text' | 'contentType'>;
  /** Why the site can't take people; empty while it can. */
  readonly lacks: () => readonly Lack[];
  /** Who may read the metrics: the bearer of this token, everybody (`open`), or nobody (null). */
  readonly reader: { readonly token: string } | 'open' | null;
}

/** Why the site can't take people; empty while it can. */
export function lacksOf(sample: SiteSample | null, isDraining: boolean): Lack[] {
  const lacks = sample ? lacksIn(sample) : (['starting'] as Lack[]);
  return isDraining ? [...lacks, 'draining'] : lacks;
}

function lacksIn(sample: SiteSample): Lack[] {
  const lacks: Lack[] = [];
  if (!sample.isDatabaseUp) lacks.push('database');
  if (sample.isHubUp === false) lacks.push('hub');
  if (sample.diskFreeBytes !== null && sample.diskFreeBytes < DISK_MIN_BYTES) lacks.push('disk');
  return lacks;
}

const digest = (text: string) => createHash('sha256').update(text).digest();

/** Health, readiness and metrics, for those who run the site. Answered whatever host a request names: probes call addresses. */
export class Probes implements RequestHandler {
  constructor(private readonly parts: ProbesParts) {}

  handleRequest(request: IncomingMessage, response: ServerResponse): boolean {
    const path = request.url?.split('?')[0];
    if (path !== '/healthz' && path !== '/readyz' && path !== '/metrics') return false;
    response.setHeader('cache-control', 'no-store');
    if (request.method !== 'GET' && request.method !== 'HEAD') {
      response.writeHead(405, { allow: 'GET, HEAD', ...(request.complete ? {} : { connection: 'close' }) }).end();
    } else if (path === '/metrics') void this.sendMetrics(request, response);
    else if (path === '/readyz') this.sendReadiness(response);
    else send(response, 200, 'ok\n');
    return true;
  }

  private sendReadiness(response: ServerResponse): void {
    const lacks = this.parts.lacks();
    if (lacks.length === 0) send(response, 200, 'ready\n');
    else send(response, 503, `not ready: ${lacks.join(', ')}\n`);
  }

  private async sendMetrics(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { reader, metrics } = this.parts;
    // Who may not read them learns nothing, not even that they are there.
    if (reader === null) return send(response, 404, 'not found\n');
    if (reader !== 'open' && !this.isBearer(request, reader.token)) {
      response.setHeader('www-authenticate', 'Bearer');
      return send(response, 401, 'The metrics need METRICS_TOKEN as a bearer token.\n');
    }
    try {
      response.writeHead(200, { 'content-type': metrics.contentType }).end(await metrics.text());
    } catch (error) {
      response.destroy(error instanceof Error ? error : undefined);
    }
  }

  private isBearer(request: IncomingMessage, token: string): boolean {
    const said = /^Bearer (.{1,512})$/.exec(request.headers.authorization ?? '')?.[1];
    return said !== undefined && timingSafeEqual(digest(said), digest(token));
  }
}

function send(response: ServerResponse, status: number, text: string): void {
  response.writeHead(status, { 'content-type': TEXT, 'content-length': Buffer.byteLength(text) }).end(text);
}
