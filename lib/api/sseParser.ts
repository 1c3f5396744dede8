/** One event of a `text/event-stream`. */
export interface SseMessage {
  /** Name of the event; `message` where the stream gives none. */
  readonly type: string;
  readonly data: string;
  /** The last `id` the stream gave, up to this event. */
  readonly lastEventId: string;
}

/** Longest event or line kept, in UTF-16 units; what is longer isn't ours. */
const EVENT_MAX_UNITS = 1 << 20;

/**
 * Reads server-sent events from text that comes in any pieces, as "Interpreting an event stream" of the HTML standard
 * says: https://html.spec.whatwg.org/multipage/server-sent-events.html#event-stream-interpretation
 */
export class SseParser {
  /** Milliseconds the stream asks to wait before coming back, or null where it didn't. */
  retryMs: number | null = null;
  private rest = '';
  private data: string[] = [];
  private dataUnits = 0;
  private type = '';
  private lastEventId = '';
  private started = false;
  private afterReturn = false;

  constructor(private readonly onMessage: (message: SseMessage) => void) {}

  /** Takes the next piece. @throws RangeError where one event grows past a megabyte. */
  push(piece: string): void {
    const text = this.withoutMark(piece);
    let start = 0;
    for (let index = 0; index < text.length; index += 1) {
      const letter = text[index];
      // A line ends in \n, \r or \r\n, whose halves may come in two pieces.
      const secondHalf = letter === '\n' && this.afterReturn;
      this.afterReturn = letter === '\r';
      if (letter !== '\n' && letter !== '\r') continue;
      if (!secondHalf) this.line(this.rest + text.slice(start, index));
      this.rest = '';
      start = index + 1;
    }
    this.rest += text.slice(start);
    if (this.rest.length + this.dataUnits > EVENT_MAX_UNITS) throw new RangeError('an event of the stream is too long');
  }

  private withoutMark(piece: string): string {
    if (this.started || piece === '') return piece;
    this.started = true;
    return piece.startsWith('\uFEFF') ? piece.slice(1) : piece;
  }

  private line(line: string): void {
    const colon = line.indexOf(':');
    if (line === '') this.dispatch();
    // A line that starts with a colon is a comment.
    if (line === '' || colon === 0) return;
    const name = colon < 0 ? line : line.slice(0, colon);
    const value = colon < 0 ? '' : line.slice(colon + 1).replace(/^ /, '');
    this.field(name, value);
  }

  private field(name: string, value: string): void {
    if (name === 'data') {
      this.data.push(value);
      this.dataUnits += value.length + 1;
    } else if (name === 'event') this.type = value;
    else if (name === 'id' && !value.includes('\0')) this.lastEventId = value;
    else if (name === 'retry' && /^\d{1,9}$/.test(value)) this.retryMs = Number(value);
  }

  private dispatch(): void {
    const { data, type, lastEventId } = this;
    this.data = [];
    this.dataUnits = 0;
    this.type = '';
    if (data.length > 0) this.onMessage({ type: type || 'message', data: data.join('\n'), lastEventId });
  }
}
