/** How much a line matters. `error`: a person must act; `warn`: something was lost or refused; `info`: life events. */
export type LogLevel = 'debug' | 'info' | 'warn' | 'error';

/** Facts that go with a message: plain values only, never tokens or whole URLs. Secrets in addresses are blanked. */
export type LogFields = Record<string, string | number | boolean | null | undefined>;

/** Where log lines go. */
export interface Log {
  debug(message: string, fields?: LogFields): void;
  info(message: string, fields?: LogFields): void;
  warn(message: string, fields?: LogFields): void;
  error(message: string, fields?: LogFields): void;
}

const ORDER: Record<LogLevel, number> = { debug: 0, info: 1, warn: 2, error: 3 };

/** Whether a line of this level is written by a log that leaves out what is less than `least`. */
export function reaches(level: LogLevel, least: LogLevel): boolean {
  return ORDER[level] >= ORDER[least];
}

/** Secrets in addresses, as lib-jitsi-meet dictates them or as somebody may have put them there, and tokens by their form. */
const SECRETS = [
  [/([?&](?:token|pwd|jwt|stayToken|hostToken)=)[^&\s"']*/gi, '$1***'],
  [/\beyJ[\w-]+\.[\w-]+\.[\w-]+/g, '***'],
] as const;

/** The text without what looks like a secret. */
export function redact(text: string): string {
  return SECRETS.reduce((rest, [secret, instead]) => rest.replace(secret, instead), text);
}

function line(level: LogLevel, message: string, fields?: LogFields): string {
  const facts = Object.entries(fields ?? {})
    .filter(([, value]) => value !== undefined)
    .map(([key, value]) => `${key}=${typeof value === 'string' ? JSON.stringify(redact(value)) : value}`);
  return [new Date().toISOString(), level, message, ...facts].join(' ');
}

/** A log that writes each entry as one line to the console, except those below `least`. */
export function createConsoleLog(least: LogLevel = 'info'): Log {
  const write = (level: LogLevel, sink: (text: string) => void) => (message: string, fields?: LogFields) => {
    if (reaches(level, least)) sink(line(level, message, fields));
  };
  return {
    debug: write('debug', console.debug),
    info: write('info', console.info),
    warn: write('warn', console.warn),
    error: write('error', console.error),
  };
}

const nothing = () => {};

/** A log that writes nothing. */
export const silentLog: Log = { debug: nothing, info: nothing, warn: nothing, error: nothing };
