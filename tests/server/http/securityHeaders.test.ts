import { describe, expect, it } from 'vitest';
import { type SecurityFacts, securityHeaders } from '@/server/http/securityHeaders';

const FACTS: SecurityFacts = {
  nonce: 'bm9uY2U=',
  host: 'meet.example.org',
  jitsiOrigins: [],
  bridgeOrigins: [],
  motionOrigins: [],
  isSecure: false,
  dev: false,
};

const contentSecurityPolicy = (facts: SecurityFacts) => securityHeaders(facts)['content-security-policy'] ?? '';

function directive(policy: string, name: string): string[] {
  const found = policy.split('; ').find((part) => part.startsWith(`${name} `));
  return found?.split(' ').slice(1) ?? [];
}

describe('security headers', () => {
  it('the policy allows inline scripts only by nonce and forbids evaluation', () => {
    const scripts = directive(contentSecurityPolicy(FACTS), 'script-src');
    expect(scripts).toContain("'nonce-bm9uY2U='");
    expect(scripts).not.toContain("'unsafe-inline'");
    expect(scripts).not.toContain("'unsafe-eval'");
    expect(directive(contentSecurityPolicy(FACTS), 'script-src-attr')).toEqual(["'none'"]);
  });

  it('the policy allows no connection outside the site by default', () => {
    const foreign = contentSecurityPolicy(FACTS)
      .split(/[; ]+/)
      .filter((source) => /^(https?|wss?):/.test(source));
    expect(foreign).toEqual(['ws://meet.example.org', 'wss://meet.example.org']);
  });

  it('the policy allows the library of a real Jitsi and connections to it', () => {
    const policy = contentSecurityPolicy({ ...FACTS, jitsiOrigins: ['https://jitsi.example.org'] });
    expect(directive(policy, 'script-src')).toContain('https://jitsi.example.org');
    expect(directive(policy, 'connect-src')).toEqual(
      expect.arrayContaining(['https://jitsi.example.org', 'wss://jitsi.example.org']),
    );
  });

  it('the policy allows channels to bridges on other hosts, and no scripts of theirs', () => {
    const bridgeOrigins = ['https://jvb1.example.org:8443', 'http://jvb2.example.org'];
    const policy = contentSecurityPolicy({ ...FACTS, bridgeOrigins });
    expect(directive(policy, 'connect-src')).toEqual(
      expect.arrayContaining(['wss://jvb1.example.org:8443', 'ws://jvb2.example.org']),
    );
    expect(policy.split('; ').filter((part) => /jvb/.test(part))).toHaveLength(1);
    expect(policy).not.toMatch(/https?:\/\/jvb/);
  });

  it('a forged Host stays out of the policy', () => {
    const policy = contentSecurityPolicy({ ...FACTS, host: "evil.example; script-src 'unsafe-inline'" });
    expect(policy).not.toContain('evil.example');
    expect(policy).not.toContain("script-src 'unsafe-inline'");
  });

  it('the policy allows clips of the same machine only for pages served from it', () => {
    const near = contentSecurityPolicy({ ...FACTS, host: 'localhost:3000' });
    expect(directive(near, 'connect-src')).toContain('http://localhost:*');
    expect(directive(contentSecurityPolicy(FACTS), 'connect-src')).not.toContain('http://localhost:*');
  });

  it('the policy names the configured origins of clips', () => {
    const policy = contentSecurityPolicy({ ...FACTS, motionOrigins: ['https://clips.example.org'] });
    expect(directive(policy, 'connect-src')).toContain('https://clips.example.org');
  });

  it('a site whose public address is https is never asked for by http again', () => {
    expect(securityHeaders({ ...FACTS, isSecure: true })).toMatchObject({
      'strict-transport-security': 'max-age=31536000',
    });
    expect(securityHeaders(FACTS)).not.toHaveProperty('strict-transport-security');
  });

  it('the headers forbid sniffing, foreign frames and referrers to other sites', () => {
    expect(securityHeaders(FACTS)).toMatchObject({
      'x-content-type-options': 'nosniff',
      'x-frame-options': 'SAMEORIGIN',
      'referrer-policy': 'same-origin',
    });
  });
});
