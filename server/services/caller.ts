/** Who asks, as the edge of the process saw it. */
export interface Caller {
  /** Address the request came from; what rate limits count. */
  readonly ip: string;
  /** The site's own origin for this caller, such as `https://meet.example.org`; links are made from it. */
  readonly origin: string;
}
