import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Element, parseStanza, xml } from '@/server/hub/xmpp/stanza';
import { anyText } from '@/tests/support/anyText';

const name = fc.stringMatching(/^[A-Za-z_][\w.-]{0,8}$/);
// What XML 1.0 can hold; CR would be normalised by a reader that follows section 2.11.
const content = fc
  .string({ unit: 'grapheme', minLength: 1, maxLength: 12 })
  .map((text) => text.replace(/[^\t\n\x20-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/gu, '?'));

const tree: fc.Memo<Element> = fc.memo((depth) =>
  fc
    .tuple(
      name,
      fc.dictionary(name, content, { maxKeys: 3 }),
      depth > 1 ? fc.array(fc.oneof(tree(), content), { maxLength: 3 }) : fc.constant([]),
    )
    .map(([tag, attrs, children]) => xml(tag, attrs, ...children)),
);

describe('parseStanza', { timeout: 60_000 }, () => {
  it('H-40 every serialised tree is parsed back', () => {
    fc.assert(
      fc.property(tree(4), (element) => {
        const text = element.toString();
        expect(parseStanza(text)?.toString()).toBe(text);
      }),
    );
  });

  it.each([
    ['nothing', ''],
    ['plain text', 'hello'],
    ['an unclosed element', '<a><b></b>'],
    ['an unfinished tag', '<a'],
    ['crossed elements', '<a><b></a></b>'],
    ['a closing tag alone', '</a>'],
    ['two elements', '<a/><b/>'],
    ['text after the element', '<a/>x<b/>'],
    ['a DOCTYPE', '<!DOCTYPE a><a/>'],
    ['an entity bomb', '<!DOCTYPE a [<!ENTITY x "xxxx">]><a>&x;&x;</a>'],
    ['an unknown entity', '<a>&lol;</a>'],
    ['an external entity', '<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>'],
    ['CDATA', '<a><![CDATA[x]]></a>'],
    ['a comment', '<a><!-- x --></a>'],
    ['an instruction', '<?xml version="1.0"?><a/>'],
    ['a prefix', '<a:b xmlns:a="x"/>'],
    ['a prefixed attribute', '<a b:c="x"/>'],
    ['a name with a quote', '<a"b/>'],
    ['an attribute name with a quote', '<a b"="x"/>'],
    ['a control character', '<a>\u0001</a>'],
    ['a control character by number', '<a>&#1;</a>'],
    ['a lone surrogate', '<a>\ud800</a>'],
    ['a reserved namespace', '<a xmlns="http://www.w3.org/2000/xmlns/"/>'],
    ['deep nesting', '<a>'.repeat(5_000) + '</a>'.repeat(5_000)],
    ['a crowd of elements', `<a>${'<b/>'.repeat(5_000)}</a>`],
    ['a crowd of attributes', `<a ${Array.from({ length: 100 }, (_, i) => `x${i}="1"`).join(' ')}/>`],
  ])('H-40 parseStanza refuses %s', (_name, text) => {
    expect(parseStanza(text)).toBeNull();
  });

  it('H-40 no text makes parseStanza throw, and what it accepts serialises to something it accepts', () => {
    const piece = fc.constantFrom(
      '<',
      '>',
      '/',
      '</',
      '/>',
      '<a>',
      '</a>',
      'a',
      ' b="c"',
      "='",
      '"',
      '&',
      ';',
      '&lt;',
      '&#',
      'x',
      '![CDATA[',
      ']]>',
      '<!--',
      '-->',
      '<?',
      '__proto__',
      'xmlns="y"',
      '\u0000',
      '\u{1f600}',
    );
    const text = fc.oneof(
      fc.array(piece, { maxLength: 30 }).map((parts) => parts.join('')),
      anyText(),
    );
    fc.assert(
      fc.property(text, (input) => {
        const again = parseStanza(input)?.toString();
        if (again !== undefined) expect(parseStanza(again)?.toString()).toBe(again);
      }),
      { numRuns: 2_000 },
    );
  });
});
