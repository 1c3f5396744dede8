import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Element, parseStanza } from '@/server/hub/xmpp/stanza';

/** What a real Jitsi said, frame by frame, next to the checkout. Not part of the project. */
const FOLDER = join(import.meta.dirname, '../../../../../shared/data/jitsi-real');

export const hasCaptured = existsSync(FOLDER);
if (!hasCaptured)
  console.warn('No captured frames of a real Jitsi: the hub is compared with small ones of its own only.');

/** Reads any frame of a server, also one with a prefix. Null if it is cut off. */
export function readFrame(text: string): Element | null {
  return parseStanza(text.replaceAll('stream:features', 'features').replace(/ xmlns:stream=(["'])[^"']*\1/, ''));
}

/** The frames of the server in one capture, in order; those that are cut off are left out. */
export function capturedFrames(name: string): Element[] {
  const lines = readFileSync(join(FOLDER, `${name}.frames.log`), 'utf8').split('\n');
  return lines
    .map((line) => /^\S+ #\d+ < (.*)$/.exec(line)?.[1])
    .filter((text) => text !== undefined)
    .map(readFrame)
    .filter((frame) => frame !== null);
}

/** Text files of the capture. */
export function capturedText(name: string): string {
  return readFileSync(join(FOLDER, name), 'utf8');
}

/** Attributes whose values differ from run to run. */
const VOLATILE = new Set([
  ...['to', 'from', 'jid', 'initiator', 'sid', 'room', 'url', 'ufrag', 'pwd', 'focusjid', 'identity', 'session-id'],
  ...['ip', 'port', 'priority', 'foundation', 'ver', 'node', 'nick', 'previd', 'h'],
]);

/** Elements whose id says what they are; others have one that differs from run to run. */
const NUMBERED = new Set(['payload-type', 'rtp-hdrext']);

/** Elements whose text differs from run to run. */
const VOLATILE_TEXT = new Set(['fingerprint', 'etherpad', 'stats-id', 'id', 'name', 'jid', 'SourceInfo']);

/** The kinds of values in JSON: keys stay, except where they are endpoint ids, and numbers and texts become their kind. */
function jsonShape(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(jsonShape);
  if (typeof value !== 'object' || value === null) return typeof value;
  const entries = Object.entries(value).map(([key, inner]): [string, unknown] => [
    /^[0-9a-f]{8}$/.test(key) ? 'endpoint' : key,
    jsonShape(inner),
  ]);
  return Object.fromEntries(entries.sort(([a], [b]) => a.localeCompare(b)));
}

function textShape({ name, ...element }: Element, text: string): unknown {
  if (name === 'json-message') return jsonShape(JSON.parse(text));
  return VOLATILE_TEXT.has(name) && element.children.length > 0 ? '*' : text;
}

function attributeShape(name: string, [key, value]: [string, unknown]): [string, unknown] {
  const isVolatile = VOLATILE.has(key) || (key === 'id' && !NUMBERED.has(name));
  const isServer = key === 'name' && name === 'identity';
  return [key, isVolatile || isServer ? '*' : value];
}

/** An element without what differs from run to run: names, namespaces, attributes and children, in a fixed order. */
export function shapeOf(element: Element): unknown {
  const { name, attrs } = element;
  const children = element.getChildElements().map(shapeOf);
  return {
    name,
    attrs: Object.fromEntries(
      Object.entries(attrs)
        .filter(([, value]) => value !== undefined)
        .map((attribute) => attributeShape(name, attribute))
        .sort(([a], [b]) => a.localeCompare(b)),
    ),
    text: children.length > 0 ? '' : textShape(element, element.getText()),
    children: children.map((child) => JSON.stringify(child)).sort(),
  };
}
