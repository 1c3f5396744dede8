/** An instruction as it is written, with its continued lines joined. */
interface Step {
  /** Such as `COPY`. */
  readonly instruction: string;
  readonly rest: string;
}

/** A stage of a Dockerfile. */
export interface Stage {
  /** The image, or the name of an earlier stage. */
  readonly from: string;
  readonly name: string | null;
  readonly steps: readonly Step[];
}

/** Reads the stages of a Dockerfile. @throws Error about a line that is no instruction */
export function readDockerfile(source: string): Stage[] {
  const lines = source
    .replace(/^#.*\n/gm, '')
    .replace(/\\\n/g, ' ')
    .split('\n');
  const stages: (Stage & { steps: Step[] })[] = [];
  for (const line of lines.map((each) => each.trim()).filter(Boolean)) {
    const [, instruction, rest] = /^([A-Z]+)\s+(.+)$/.exec(line) ?? [];
    if (!instruction || !rest) throw new Error(`Not an instruction: ${line}`);
    const [, from, name] = (instruction === 'FROM' && /^(\S+)(?: AS (\S+))?$/.exec(rest)) || [];
    if (from) stages.push({ from, name: name ?? null, steps: [] });
    else stages.at(-1)?.steps.push({ instruction, rest: rest.replace(/\s+/g, ' ') });
  }
  return stages;
}

/** Takes a COPY apart. */
export function readCopy(rest: string): {
  readonly from: string | null;
  readonly sources: string[];
  readonly to: string;
} {
  const words = rest.split(' ');
  const from = /^--from=(.+)$/.exec(words[0]!)?.[1] ?? null;
  const paths = from === null ? words : words.slice(1);
  return { from, sources: paths.slice(0, -1), to: paths.at(-1)! };
}

/** Takes apart an ENV of plain values. */
export function readAssignments(rest: string): Record<string, string> {
  return Object.fromEntries(rest.split(' ').map((pair) => pair.split('=', 2) as [string, string]));
}
