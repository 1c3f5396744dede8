/** The facts on which the headers of one answer depend. */
export interface SecurityFacts {
  /** Fresh random value that lets Next's own inline scripts run. */
  readonly nonce: string;
  /** `Host` of the request: `name[:port]`. */
  readonly host: string;
  /** Origins of the Jitsi deployment, besides our own. */
  readonly jitsiOrigins: readonly string[];
  /** Origins of its bridges, if they are others: only channels lead there. */
  readonly bridgeOrigins: readonly string[];
  /** Origins of motion clips, besides our own. */
  readonly motionOrigins: readonly string[];
  /** Whether people reach the site by https, as its public address says. */
  readonly isSecure: boolean;
  /** Next's development server evaluates code. */
  readonly dev: boolean;
}

const LOOPBACK_HOST = /^(localhost|127\.0\.0\.1|\[::1\])(:\d+)?$/;

/** A Host header can contain anything: only a plain name or address goes into the policy. */
const PLAIN_HOST = /^[a-zA-Z0-9.-]+(:\d{1,5})?$|^\[[0-9a-fA-F:]+\](:\d{1,5})?$/;

function webSocketOrigins(origins: readonly string[]): string[] {
  return origins.map((origin) => origin.replace(/^http/, 'ws'));
}

function connectSources(facts: SecurityFacts): string[] {
  const own = PLAIN_HOST.test(facts.host) ? [`ws://${facts.host}`, `wss://${facts.host}`] : [];
  // A page served from this machine may load a clip from another program on it.
  const loopback = LOOPBACK_HOST.test(facts.host) ? ['http://localhost:*', 'http://127.0.0.1:*'] : [];
  return [
    "'self'",
    'blob:',
    'data:',
    ...own,
    ...loopback,
    ...facts.jitsiOrigins,
    ...webSocketOrigins(facts.jitsiOrigins),
    ...webSocketOrigins(facts.bridgeOrigins),
    ...facts.motionOrigins,
  ];
}

/** The Content-Security-Policy: no inline script but Next's own, by nonce; nothing from origins that aren't set. */
function contentSecurityPolicy(facts: SecurityFacts): string {
  const script = ["'self'", `'nonce-${facts.nonce}'`, "'wasm-unsafe-eval'", ...facts.jitsiOrigins];
  if (facts.dev) script.push("'unsafe-eval'");
  const policy: Record<string, readonly string[]> = {
    'default-src': ["'self'"],
    'script-src': script,
    'script-src-attr': ["'none'"],
    'style-src': ["'self'", "'unsafe-inline'"],
    'img-src': ["'self'", 'blob:', 'data:'],
    'font-src': ["'self'"],
    'connect-src': connectSources(facts),
    'media-src': ["'self'", 'blob:'],
    'worker-src': ["'self'", 'blob:'],
    'object-src': ["'none'"],
    'base-uri': ["'none'"],
    'form-action': ["'self'"],
    'frame-ancestors': ["'self'"],
  };
  return Object.entries(policy)
    .map(([directive, sources]) => `${directive} ${sources.join(' ')}`)
    .join('; ');
}

/** A year. Other names below the site's own may be served by others. */
const HTTPS_ONLY = 'max-age=31536000';

/** Headers of every answer, including the policy. */
export function securityHeaders(facts: SecurityFacts): Record<string, string> {
  return {
    'content-security-policy': contentSecurityPolicy(facts),
    ...(facts.isSecure && { 'strict-transport-security': HTTPS_ONLY }),
    'x-content-type-options': 'nosniff',
    'x-frame-options': 'SAMEORIGIN',
    'referrer-policy': 'same-origin',
    'cross-origin-opener-policy': 'same-origin',
    'permissions-policy':
      'camera=(self), microphone=(self), display-capture=(self), geolocation=(), payment=(), usb=()',
  };
}
