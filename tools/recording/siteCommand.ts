import { createParleyClient, type RecordingInput } from '@/lib/api';
import type { RecordingView } from '@/lib/core/recording';
import { type Env, readOptions, siteUrl, UsageError, wholeNumber } from '@/tools/command/command';

const SITE_VERBS = ['start', 'stop', 'list', 'share', 'delete'] as const;
type SiteVerb = (typeof SITE_VERBS)[number];

export const SITE_USAGE =
  'npm run -s recording -- start|stop|list|share|delete --id ID --host-token TOKEN [--url URL] [--days N]';

const OPTIONS = {
  url: { type: 'string' },
  id: { type: 'string' },
  'host-token': { type: 'string' },
  right: { type: 'string' },
  days: { type: 'string' },
} as const;

/** What is asked of a site. */
export interface SiteCommand {
  readonly verb: SiteVerb;
  readonly url: string;
  /** A meeting's id; of `share` and `delete`, a recording's. */
  readonly input: RecordingInput;
  readonly days: number | undefined;
}

/** Reads a command to a site; null if the first word is none of its verbs. @throws UsageError */
export function readSiteCommand(args: readonly string[], env: Env): SiteCommand | null {
  const verb = SITE_VERBS.find((each) => each === args[0]);
  if (!verb) return null;
  const usage = `Usage: ${SITE_USAGE}`;
  const { values, positionals } = readOptions({ args: args.slice(1), options: OPTIONS, allowPositionals: true }, usage);
  if (positionals.length > 0) throw new UsageError(`"${positionals[0]}" is one word too many. ${usage}`);
  const { id, right, 'host-token': hostToken } = values;
  if (!id) throw new UsageError(`${verb} needs --id. ${usage}`);
  if (!hostToken && !right) throw new UsageError(`${verb} needs --host-token, or --right. ${usage}`);
  const days = wholeNumber(values.days, 'days', { least: 1, most: 365 }) ?? undefined;
  const input = { id, ...(hostToken ? { hostToken } : { right }) };
  return { verb, url: siteUrl(values.url, env), input, days };
}

function summary({ id, state, startedAt, durationS, sizeBytes, replayUrl, failure, limit }: RecordingView) {
  const ended = { ...(failure && { failure }), ...(limit && { limit }) };
  return { id, state, startedAt, durationS, sizeBytes, replayUrl, ...ended };
}

/** Carries a command out. Returns what it prints. @throws ParleyApiError */
export async function askSite({ verb, url, input, days }: SiteCommand): Promise<unknown> {
  const { recording } = createParleyClient({ url });
  switch (verb) {
    case 'start': {
      const { id, state, startedAt, consent, replayUrl } = await recording.start(input);
      return { id, state, startedAt, consent, replayUrl };
    }
    case 'stop': {
      const { id, state, durationS, sizeBytes, replayUrl, failure } = await recording.stop(input);
      return { id, state, durationS, sizeBytes, replayUrl, ...(failure && { failure }) };
    }
    case 'list':
      return (await recording.list(input)).map(summary);
    case 'share':
      return recording.share({ ...input, days });
    case 'delete':
      await recording.delete(input);
      return { id: input.id, deleted: true };
  }
}
