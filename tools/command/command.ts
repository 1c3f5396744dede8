import { type ParseArgsConfig, parseArgs } from 'node:util';
import { ParleyApiError } from '@/lib/api';

/** Environment variables by name. */
export type Env = Readonly<Record<string, string | undefined>>;

/** A mistake that the operator can correct. The message is one sentence that says how; a stack would only hide it. */
export class UsageError extends Error {}

/** Where a command writes. */
export interface CommandOutput {
  /** Standard output: the result. */
  print(text: string): void;
  /** Standard error: one sentence. */
  complain(sentence: string): void;
}

/** The terminal, or wherever this process writes. */
export const CONSOLE: CommandOutput = {
  print: (text) => console.log(text),
  complain: (sentence) => console.error(sentence),
};

/** Reads a command line as Node's `parseArgs` does. @throws UsageError for what the command does not know */
export function readOptions<Config extends ParseArgsConfig>(
  config: Config,
  usage: string,
): ReturnType<typeof parseArgs<Config>> {
  try {
    return parseArgs(config);
  } catch (error) {
    throw new UsageError(`${(error as Error).message.split('. ')[0]}. ${usage}`);
  }
}

/** Which values an option takes. */
export interface WholeNumberRange {
  readonly least?: number;
  readonly most?: number;
}

/** A whole number, or null if the option was not given. @throws UsageError with the range */
export function wholeNumber(
  given: string | undefined,
  option: string,
  { least = 0, most }: WholeNumberRange = {},
): number | null {
  if (given === undefined) return null;
  const value = /^\d{1,15}$/.test(given) ? Number(given) : Number.NaN;
  if (value >= least && value <= (most ?? Number.MAX_SAFE_INTEGER)) return value;
  throw new UsageError(`--${option} must be a whole number${most === undefined ? '' : ` from ${least} to ${most}`}.`);
}

/**
 * The site a command works on, without a slash at its end: `given` (`--url`), else the site of `PUBLIC_URL` or `PORT`.
 * @throws UsageError if that is no address
 */
export function siteUrl(given: string | undefined, env: Env): string {
  const url = given ?? (env['PUBLIC_URL'] || `http://localhost:${env['PORT'] || 3000}`);
  if (URL.canParse(url) && /^https?:/.test(url)) return url.replace(/\/+$/, '');
  throw new UsageError('--url must be the address of a Parley site, such as https://meet.example.org.');
}

/** What a failure means to an operator who asked the site at `url`. */
export function sentenceFor(error: Error, url: string | null): string {
  if (error instanceof ParleyApiError && error.reason === 'offline') {
    return `There is no answer from ${url}. Check that Parley runs there, or name another address with --url.`;
  }
  return error.message;
}

/** Runs a command that only has a process to report to: a {@link UsageError} ends it with the sentence and status 1. */
export async function runMain(main: () => void | Promise<void>): Promise<void> {
  try {
    await main();
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    console.error(error.message);
    process.exit(1);
  }
}
