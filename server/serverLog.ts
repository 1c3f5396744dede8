import { createConsoleLog, type Log, type LogFields, type LogLevel, reaches, redact } from '@/lib/core/log';

/** How a process of the server logs. Plain data: it crosses processes and threads. */
export interface LogSettings {
  /** What is less than this is left out. */
  readonly level: LogLevel;
  /** `json`: an object a line, for programs that gather logs. */
  readonly format: 'text' | 'json';
}

const redacted = (value: LogFields[string]) => (typeof value === 'string' ? redact(value) : value);

function jsonLine(level: LogLevel, message: string, fields: LogFields = {}): string {
  const facts = Object.fromEntries(Object.entries(fields).map(([key, value]) => [key, redacted(value)]));
  // Fields of these names would be another line's facts.
  return JSON.stringify({ ...facts, time: new Date().toISOString(), level, message });
}

/** The log of a process of the server, one line an entry. */
export function createServerLog({ level: least, format }: LogSettings): Log {
  if (format === 'text') return createConsoleLog(least);
  const write = (level: LogLevel, sink: (text: string) => void) => (message: string, fields?: LogFields) => {
    if (reaches(level, least)) sink(jsonLine(level, message, fields));
  };
  return {
    debug: write('debug', console.debug),
    info: write('info', console.info),
    warn: write('warn', console.warn),
    error: write('error', console.error),
  };
}
