import fc from 'fast-check';
import { type Element, NS, xml } from '@/lib/transport/headless/element';

const NAMES = [
  ...['jingle', 'content', 'description', 'transport', 'candidate', 'fingerprint', 'web-socket', 'source', 'ssrc-info'],
  ...[
    'payload-type',
    'rtp-hdrext',
    'sctpmap',
    'bridge-session',
    'x',
    'item',
    'status',
    'identity',
    'user',
    'id',
    'destroy',
  ],
  ...['error', 'not-allowed', 'jitsi_participant_parley_hidden', 'jitsi_participant_parley_unheard', 'presence'],
];
const ATTRIBUTES = [
  ...[
    'sid',
    'action',
    'initiator',
    'name',
    'media',
    'ufrag',
    'pwd',
    'hash',
    'url',
    'ssrc',
    'owner',
    'id',
    'uri',
    'code',
  ],
  ...['ip', 'port', 'protocol', 'priority', 'component', 'foundation', 'type', 'number', 'from', 'to', 'role', 'jid'],
];
const VALUES = [
  ...[
    '',
    '0',
    '1',
    '111',
    '5000',
    '65536',
    '4294967296',
    '-1',
    'audio',
    'video',
    'opus',
    'udp',
    'host',
    '127.0.0.1',
    '::1',
  ],
  ...[
    'sha-256',
    'ws://x/y',
    'http://x',
    'error',
    'unavailable',
    '110',
    '307',
    'tavern@muc/abcd1234',
    'tavern@muc',
    'focus',
  ],
];

const value = fc.oneof({ weight: 3, arbitrary: fc.constantFrom(...VALUES) }, fc.string({ maxLength: 12 }));
const attributes = fc.dictionary(fc.constantFrom(...ATTRIBUTES), value, { maxKeys: 6 });
const namespace = fc.constantFrom(undefined, ...Object.values(NS));

/** Random elements that look like those of the protocol. */
export const anyElement: fc.Arbitrary<Element> = fc.letrec<{ element: Element }>((tie) => ({
  element: fc
    .tuple(
      fc.constantFrom(...NAMES),
      attributes,
      namespace,
      fc.array(fc.oneof({ maxDepth: 4 }, value, tie('element')), { maxLength: 5 }),
    )
    .map(([name, attrs, xmlns, children]) => xml(name, { ...attrs, xmlns }, ...children)),
})).element;
