import { describe, expect, it } from 'vitest';
import type { Log } from '@/lib/core/log';
import { libraryLog, watchBlockedChannels } from '@/lib/transport/jitsi/libraryReports';

/** A log that keeps its lines. */
function keptLog() {
  const lines: unknown[][] = [];
  const at =
    (level: string): Log['info'] =>
    (_message, fields) =>
      void lines.push([level, ...Object.values(fields ?? {})]);
  return { lines, log: { debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') } };
}

/** A line as lib-jitsi-meet writes it about an IQ that was refused. */
function refusedIq(reason: string, operation: string): string[] {
  const raw = `<error type="cancel"><${reason} xmlns="urn:ietf:params:xml:ns:xmpp-stanzas"/></error>`;
  return [
    '2026-11-29T21:27:27.569Z',
    '[xmpp:StropheErrorHandler]',
    'Strophe error:',
    JSON.stringify({ reason, raw, operation }),
  ];
}

describe('the log of lib-jitsi-meet', () => {
  it('T-85 services that a deployment need not have are no errors', () => {
    const { lines, log } = keptLog();
    const { error } = libraryLog(log);
    for (const version of [1, 2])
      error(...refusedIq('service-unavailable', `get STUN/TURN credentials (extdisco:${version})`));
    error(...refusedIq('feature-not-implemented', 'disco items query'));
    expect(lines.map(([level]) => level)).toEqual(['debug', 'debug', 'debug']);
  });

  it('T-85 every other error of the library stays one, as one line', () => {
    const { lines, log } = keptLog();
    const { error } = libraryLog(log);
    error(...refusedIq('service-unavailable', 'conference request (IQ)'));
    error(...refusedIq('timeout', 'get STUN/TURN credentials (extdisco:2)'));
    error('[rtc]', 'failed', new TypeError('no track'), { a: 1 });
    const circular: Record<string, unknown> = {};
    circular['self'] = circular;
    error(circular, undefined, 'x'.repeat(10_000));
    expect(lines.map(([level]) => level)).toEqual(Array(4).fill('error'));
    expect(lines[2]![1]).toBe('[rtc] failed TypeError: no track {"a":1}');
    expect(String(lines[3]![1]).length).toBe(500);
  });
});

describe("a channel that the page's policy blocks", () => {
  const violation = (blockedURI: string, effectiveDirective = 'connect-src') =>
    Object.assign(new Event('securitypolicyviolation'), { blockedURI, effectiveDirective });

  it('T-86 a blocked channel is told once for each host, and no secret of its address', () => {
    const origins: string[] = [];
    const document = new EventTarget();
    const stop = watchBlockedChannels(document, (origin) => origins.push(origin));
    for (let k = 0; k < 2; k += 1)
      document.dispatchEvent(violation('wss://jvb1.example.org:8443/colibri-ws/a?pwd=hush'));
    document.dispatchEvent(violation('ws://jvb2.example.org/colibri-ws/b'));
    stop();
    document.dispatchEvent(violation('ws://jvb3.example.org/colibri-ws/b'));
    expect(origins).toEqual(['https://jvb1.example.org:8443', 'http://jvb2.example.org']);
  });

  it('T-86 what else a policy blocks is not taken for a channel', () => {
    const origins: string[] = [];
    const document = new EventTarget();
    watchBlockedChannels(document, (origin) => origins.push(origin));
    document.dispatchEvent(violation('https://clips.example.org/a.bvh'));
    document.dispatchEvent(violation('wss://x.example.org/', 'script-src'));
    document.dispatchEvent(violation('inline'));
    document.dispatchEvent(violation('wss://'));
    expect(origins).toEqual([]);
  });
});
