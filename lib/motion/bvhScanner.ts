import { BvhError } from './bvhError';

const NEWLINE = 10;
const SPACE = 32;
/** Longest piece of the file repeated in a message. */
const QUOTE_MAX = 40;
/** A number as BVH files write them; `Number` alone would also take hexadecimal, `Infinity` and the empty string. */
const DECIMAL = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/;

/** Reads a text word by word or line by line and knows on which line it is. Linear in the text's length. */
export class BvhScanner {
  private at = 0;
  private currentLine = 1;
  private wordLine = 1;

  constructor(private readonly text: string) {
    if (text.charCodeAt(0) === 0xfeff) this.at = 1;
  }

  /** The line of the word or line read last. */
  get line(): number {
    return this.wordLine;
  }

  /** The next word, or '' at the end of the text. Braces are words of their own. */
  word(): string {
    this.skipBlanks(true);
    this.wordLine = this.currentLine;
    const start = this.at;
    while (this.at < this.text.length && !this.isBlank() && !this.isBrace()) this.at += 1;
    if (this.at === start && this.at < this.text.length) this.at += 1;
    return this.text.slice(start, this.at);
  }

  /** Reads a word that must be one of `expected` (lower case), in any case, and returns it in lower case. */
  keyword(...expected: string[]): string {
    const word = this.word();
    const lower = word.toLowerCase();
    if (!expected.includes(lower)) throw this.unexpected(expected.map((name) => name.toUpperCase()).join(' or '), word);
    return lower;
  }

  /** Reads a finite number. */
  number(what: string): number {
    const word = this.word();
    const value = Number(word);
    if (!DECIMAL.test(word) || !Number.isFinite(value)) throw this.unexpected(what, word);
    return value;
  }

  /** What is left of the line (up to a brace), trimmed: names may hold spaces. */
  restOfLine(): string {
    const start = this.at;
    while (this.at < this.text.length && this.text.charCodeAt(this.at) !== NEWLINE && !this.isBrace()) this.at += 1;
    return this.text.slice(start, this.at).trim();
  }

  /** Moves to the next line that holds something; false at the end of the text. */
  nextFilledLine(): boolean {
    this.skipBlanks(true);
    this.wordLine = this.currentLine;
    return this.at < this.text.length;
  }

  /** The next word of this line, or '' where the line ends. */
  wordOfLine(): string {
    this.skipBlanks(false);
    const start = this.at;
    while (this.at < this.text.length && !this.isBlank()) this.at += 1;
    return this.text.slice(start, this.at);
  }

  /** The error of having found `found` where `expected` should be. */
  unexpected(expected: string, found: string): BvhError {
    const quoted = found === '' ? 'the end of the file' : `"${found.slice(0, QUOTE_MAX)}"`;
    return new BvhError('syntax', this.wordLine, `expected ${expected}, found ${quoted}.`);
  }

  private isBlank(): boolean {
    return this.text.charCodeAt(this.at) <= SPACE;
  }

  private isBrace(): boolean {
    const character = this.text[this.at];
    return character === '{' || character === '}';
  }

  private skipBlanks(acrossLines: boolean): void {
    while (this.at < this.text.length && this.isBlank()) {
      if (this.text.charCodeAt(this.at) === NEWLINE) {
        if (!acrossLines) return;
        this.currentLine += 1;
      }
      this.at += 1;
    }
  }
}

/** Reads a finite decimal number, or NaN. */
export function decimalOf(word: string): number {
  const value = DECIMAL.test(word) ? Number(word) : Number.NaN;
  return Number.isFinite(value) ? value : Number.NaN;
}
