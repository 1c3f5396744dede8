/** A mapping, a list of texts, or a text. */
type PlainYaml = string | string[] | { [key: string]: PlainYaml };

interface Line {
  readonly indent: number;
  readonly text: string;
  readonly number: number;
}

const KEY = /^([\w.-]+):(?: (.+))?$/;

/** Plain texts that YAML takes for something else, or that need another part of it. */
const NOT_PLAIN = /^(?:yes|no|on|off|null|~|-?\d+(?:\.\d+)?)$|^[&*!|>%@`"[{]|: /i;

/**
 * Reads YAML as far as a compose file needs it: mappings, lists of texts, texts (`true` too), comments. What another reader could take
 * otherwise, such as a bare number or `yes`, is refused.
 * @throws Error with the number of the line
 */
export function readPlainYaml(source: string): PlainYaml {
  if (source.includes('\t')) throw new Error('YAML has no tabs.');
  const lines = source.split('\n').flatMap((raw, index): Line[] => {
    const text = raw.replace(/(^|\s)#.*$/, '').trimEnd();
    const plain = text.trimStart();
    return plain === '' ? [] : [{ indent: text.length - plain.length, text: plain, number: index + 1 }];
  });
  const { value, next } = readBlock(lines, 0, 0);
  if (next < lines.length) throw wrong(lines[next]!);
  return value;
}

function readBlock(lines: readonly Line[], start: number, indent: number): { value: PlainYaml; next: number } {
  if (lines[start]?.text.startsWith('- ')) return readList(lines, start, indent);
  const value: { [key: string]: PlainYaml } = {};
  let at = start;
  while (lines[at]?.indent === indent) {
    const line = lines[at]!;
    const [, key, rest] = KEY.exec(line.text) ?? [];
    if (key === undefined || key in value) throw wrong(line);
    at += 1;
    if (rest !== undefined) {
      value[key] = rest === '{}' ? {} : textIn(rest, line);
      continue;
    }
    const inner = lines[at];
    if (!inner || inner.indent <= indent) throw wrong(line);
    const block = readBlock(lines, at, inner.indent);
    value[key] = block.value;
    at = block.next;
  }
  return { value, next: at };
}

function readList(lines: readonly Line[], start: number, indent: number): { value: string[]; next: number } {
  const value: string[] = [];
  let at = start;
  for (; lines[at]?.indent === indent; at += 1) {
    const line = lines[at]!;
    if (!line.text.startsWith('- ')) throw wrong(line);
    value.push(textIn(line.text.slice(2), line));
  }
  return { value, next: at };
}

function textIn(text: string, line: Line): string {
  const quoted = /^(['"])([^'"\\]*)\1$/.exec(text);
  if (quoted) return quoted[2]!;
  if (/^['"]/.test(text) || NOT_PLAIN.test(text)) throw wrong(line);
  return text;
}

function wrong({ number, text }: Line): Error {
  return new Error(`Line ${number} is not as plain as it must be: ${text}`);
}
