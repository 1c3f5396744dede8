import { createParleyClient, ParleyApiError } from '@/lib/api';
import { type MeetingCommand, readArguments, UsageError } from '@/tools/meeting/meetingArguments';

/** Where the command writes. */
export interface CommandOutput {
  /** Standard output: the result, as JSON. */
  print(text: string): void;
  /** Standard error: one sentence. */
  complain(sentence: string): void;
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

function sentenceFor(error: unknown, url: string | null): string {
  if (error instanceof ParleyApiError && error.reason === 'offline') {
    return `There is no answer from ${url}. Check that Parley runs there, or name another address with --url.`;
  }
  return error instanceof Error ? error.message : String(error);
}

/** Runs one operator's command and returns the exit status: 0, or 1 with a sentence. */
export async function runMeetingCommand(
  args: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
  output: CommandOutput,
): Promise<number> {
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
