import { parseArgs } from 'node:util';

/** What an operator asked for. */
export type MeetingCommand =
  | {
      readonly verb: 'create';
      readonly url: string;
      readonly id?: string;
      readonly title?: string;
      readonly maxParticipants?: number;
    }
  | { readonly verb: 'get'; readonly url: string; readonly id: string }
  | { readonly verb: 'end'; readonly url: string; readonly id: string; readonly hostToken: string };

const USAGE =
  'Usage: npm run -s meeting -- create|get|end [--url URL] [--id ID] [--host-token TOKEN] [--title TITLE] [--max-participants N]';

/** Arguments that make no command. The message is one sentence. */
export class UsageError extends Error {}

const OPTIONS = {
  url: { type: 'string' },
  id: { type: 'string' },
  'host-token': { type: 'string' },
  title: { type: 'string' },
  'max-participants': { type: 'string' },
} as const;

function parse(args: readonly string[]) {
  try {
    return parseArgs({ args: [...args], options: OPTIONS, allowPositionals: true });
  } catch (error) {
    throw new UsageError(`${(error as Error).message.split('. ')[0]}. ${USAGE}`);
  }
}

function needed(value: string | undefined, option: string, verb: string): string {
  if (value) return value;
  throw new UsageError(`${verb} needs --${option}. ${USAGE}`);
}

function siteUrl(given: string | undefined, env: Readonly<Record<string, string | undefined>>): string {
  const url = given ?? (env['PUBLIC_URL'] || `http://localhost:${env['PORT'] || 3000}`);
  if (URL.canParse(url) && /^https?:/.test(url)) return url;
  throw new UsageError('--url must be the address of a Parley site, such as https://meet.example.org.');
}

function seats(given: string | undefined): number | undefined {
  if (given === undefined || /^\d{1,6}$/.test(given)) return given === undefined ? undefined : Number(given);
  throw new UsageError('--max-participants must be a whole number.');
}

/** Reads the command line. Without `--url`, the site is the one of `PUBLIC_URL` or `PORT`. @throws UsageError */
export function readArguments(
  args: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
): MeetingCommand {
  const { values, positionals } = parse(args);
  const [verb, ...more] = positionals;
  if (more.length > 0) throw new UsageError(`"${more[0]}" is one word too many. ${USAGE}`);
  const url = siteUrl(values.url, env);
  switch (verb) {
    case 'create':
      return { verb, url, id: values.id, title: values.title, maxParticipants: seats(values['max-participants']) };
    case 'get':
      return { verb, url, id: needed(values.id, 'id', verb) };
    case 'end': {
      const hostToken = needed(values['host-token'], 'host-token', verb);
      return { verb, url, id: needed(values.id, 'id', verb), hostToken };
    }
    default:
      throw new UsageError(USAGE);
  }
}
