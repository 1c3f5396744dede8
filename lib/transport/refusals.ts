import { FAULT_SENTENCES, type Refusal } from '@/lib/core/deploymentFault';
import { TransportError } from './transport';

/** How servers word what they refuse: Prosody's token modules of several years, in which every text names the claim. */
const WORDINGS: ReadonlyArray<readonly [Refusal, RegExp]> = [
  ['signature', /signature/i],
  ['issuer', /'iss' claim/i],
  ['audience', /'aud' claim/i],
  ['expired', /\bby exp\b|\bexpired\b/i],
  ['notYetValid', /\bby nbf\b/i],
  ['tokenRequired', /token required/i],
  ['room', /'room' claim|room and token mismatch/i],
  ['membersOnly', /registration-required/],
];

/** Longest text of a server that is passed on, UTF-16 units. */
const DETAIL_MAX_UNITS = 200;

const ENTITIES: Readonly<Record<string, string>> = { lt: '<', gt: '>', quot: '"', apos: "'", amp: '&' };

/** A server's text as one short line. Some builds of lib-jitsi-meet pass it on as it stands in the XML. */
function tidy(text: string): string {
  const plain = text.replace(/&(lt|gt|quot|apos|amp);/g, (_entity, name: string) => ENTITIES[name]!);
  return plain.replace(/\s+/g, ' ').trim().slice(0, DETAIL_MAX_UNITS);
}

function refusalIn(text: string): Refusal {
  return WORDINGS.find(([, wording]) => wording.test(text))?.[0] ?? 'other';
}

function refused(refusal: Refusal, detail: string, cause?: unknown): TransportError {
  return new TransportError('notAllowed', withDetail(FAULT_SENTENCES[refusal], detail), { refusal, detail, cause });
}

/** A sentence, followed by what the server said. */
function withDetail(sentence: string, detail: string): string {
  if (detail === '') return sentence;
  return `${sentence} The server says: "${detail}"${/[.!?]$/.test(detail) ? '' : '.'}`;
}

/** A login that was refused, as the server's `text` says, '' if it has none. */
export function loginRefused(text: string, cause?: unknown): TransportError {
  const detail = tidy(text);
  return refused(refusalIn(detail), detail, cause);
}

/** A login that the server did not answer: Prosody is silent if it fails while it reads a token, as for one without a room. */
export function loginUnanswered(): TransportError {
  return new TransportError('unreachable', FAULT_SENTENCES.unanswered, { refusal: 'unanswered' });
}

/** The conference focus refused the request to enter. */
export function focusRefused(text: string, cause?: unknown): TransportError {
  return refused('focus', tidy(text), cause);
}

/** A room that the focus has just left, or has not made yet: the next request makes it. */
const ROOM_AWAY = /room does not exist|room creation is restricted/i;

/** The MUC room refused entry. `text`: what it said or, without a text, the condition. */
export function roomRefused(text: string): TransportError {
  if (ROOM_AWAY.test(text)) return unreachable('The room cannot be entered right now.', text);
  const detail = tidy(text);
  return refused(refusalIn(detail), detail);
}

/** What may pass by itself: `sentence`, and what the server said. */
export function unreachable(sentence: string, text = '', cause?: unknown): TransportError {
  const detail = tidy(text);
  return new TransportError('unreachable', withDetail(sentence, detail), { detail, cause });
}
