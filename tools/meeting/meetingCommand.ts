import { createParleyClient, ParleyApiError } from '@/lib/api';
import {
  type CommandOutput,
  type Env,
  readOptions,
  sentenceFor,
  siteUrl,
  UsageError,
  wholeNumber,
} from '@/tools/command/command';

/** What an operator asked for. */
type MeetingCommand =
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

const OPTIONS = {
  url: { type: 'string' },
  id: { type: 'string' },
  'host-token': { type: 'string' },
  title: { type: 'string' },
  'max-participants': { type: 'string' },
} as const;

function needed(value: string | undefined, option: string, verb: string): string {
  if (value) return value;
  throw new UsageError(`${verb} needs --${option}. ${USAGE}`);
}

function readArguments(args: readonly string[], env: Env): MeetingCommand {
  const { values, positionals } = readOptions({ args: [...args], options: OPTIONS, allowPositionals: true }, USAGE);
  const [verb, ...more] = positionals;
  if (more.length > 0) throw new UsageError(`"${more[0]}" is one word too many. ${USAGE}`);
  const url = siteUrl(values.url, env);
  switch (verb) {
    case 'create': {
      const maxParticipants = wholeNumber(values['max-participants'], 'max-participants') ?? undefined;
      return { verb, url, id: values.id, title: values.title, maxParticipants };
    }
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

function carryOut(command: MeetingCommand): Promise<unknown> {
  const { meeting } = createParleyClient({ url: command.url });
  switch (command.verb) {
    case 'create': {
      const { id, title, maxParticipants } = command;
      return meeting.create({ id, title, maxParticipants });
    }
    case 'get':
      return meeting.get({ id: command.id });
    case 'end':
      return meeting.end({ id: command.id, hostToken: command.hostToken });
  }
}

/** `npm run meeting`: prints the result as JSON. Returns the exit status: 0, or 1 with a sentence. */
export async function runMeetingCommand(args: readonly string[], env: Env, output: CommandOutput): Promise<number> {
  let url: string | null = null;
  try {
    const command = readArguments(args, env);
    url = command.url;
    output.print(JSON.stringify(await carryOut(command), null, 2));
    return 0;
  } catch (error) {
    if (!(error instanceof UsageError) && !(error instanceof ParleyApiError)) throw error;
    output.complain(sentenceFor(error, url));
    return 1;
  }
}
