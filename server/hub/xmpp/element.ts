import { clone, Element } from 'ltx';

export { Element } from 'ltx';

type Child = Element | string | null;

/** Builds an element; children that are null are left out, attributes that are undefined too. */
export function xml(name: string, attrs: Record<string, string | undefined> = {}, ...children: Child[]): Element {
  const element = new Element(name, attrs);
  for (const child of children) if (child !== null) element.append(child);
  return element;
}

/** A copy that belongs to no parent. */
export function copyOf(element: Element): Element {
  return clone(element);
}

/** Copies of an element's child elements, text left out. */
export function copiesOfChildren(element: Element): Element[] {
  return element.getChildElements().map(copyOf);
}
