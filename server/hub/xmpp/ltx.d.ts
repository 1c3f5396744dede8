declare module 'ltx' {
  /** An XML element; `children` holds elements and text. */
  export class Element {
    constructor(name: string, attrs?: Record<string, string | undefined>);
    name: string;
    parent: Element | null;
    children: (Element | string)[];
    attrs: Record<string, string | undefined>;
    getChild(name: string, xmlns?: string): Element | undefined;
    getChildren(name: string, xmlns?: string): Element[];
    getChildElements(): Element[];
    getChildText(name: string, xmlns?: string): string | null;
    getNS(): string | undefined;
    getText(): string;
    append(...nodes: (Element | string)[]): void;
    cnode(child: Element | string): Element;
    t(text: string): Element;
    toString(): string;
  }
  export function clone(element: Element): Element;
  export function parse(text: string): Element;
  export function escapeXML(text: string): string;
}

declare module 'ltx/src/parsers/ltx.js' {
  /** Event-based XML reader: `startElement`, `endElement`, `text`. `write` throws on illegal entities. */
  export default class SaxLtx {
    on(event: 'startElement', listener: (name: string, attrs: Record<string, string>) => void): this;
    on(event: 'endElement', listener: (name: string) => void): this;
    on(event: 'text', listener: (text: string) => void): this;
    write(text: string): void;
  }
}
