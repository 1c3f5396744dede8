import { xml as createElement } from '@xmpp/client';

/** An XML element as @xmpp/client reads and writes it. */
export interface Element {
  readonly name: string;
  readonly attrs: Record<string, unknown>;
  getChild(name: string, xmlns?: string): Element | undefined;
  getChildren(name: string, xmlns?: string): Element[];
  getChildElements(): Element[];
  getText(): string;
  append(...nodes: (Element | string)[]): void;
  toString(): string;
}

/** Builds an element; attributes that are undefined are left out. */
export const xml = createElement as unknown as (
  name: string,
  attrs?: Readonly<Record<string, string | undefined>>,
  ...children: (Element | string)[]
) => Element;

/** An attribute's text; '' where the element or the attribute is missing. */
export function attrOf(element: Element | undefined, name: string): string {
  const value = element?.attrs[name];
  return typeof value === 'string' ? value : '';
}

/** An attribute that holds a whole number of at least 0; null for anything else. */
export function countOf(element: Element | undefined, name: string): number | null {
  const text = attrOf(element, name);
  return /^\d{1,10}$/.test(text) ? Number(text) : null;
}

/** The text in an element, trimmed; '' where it is missing. */
export function textOf(element: Element | undefined): string {
  return element?.getText().trim() ?? '';
}
