/** An XMPP address `local@domain/resource`. Local part and domain are in lower case. */
export interface Jid {
  readonly local: string;
  readonly domain: string;
  readonly resource: string;
  /** The address without its resource. */
  readonly bare: string;
}

/** Takes an address apart; absent parts are ''. Never throws. */
export function parseJid(text: string): Jid {
  const slash = text.indexOf('/');
  const bare = (slash < 0 ? text : text.slice(0, slash)).toLowerCase();
  const at = bare.indexOf('@');
  return {
    local: at < 0 ? '' : bare.slice(0, at),
    domain: bare.slice(at + 1),
    resource: slash < 0 ? '' : text.slice(slash + 1),
    bare,
  };
}
