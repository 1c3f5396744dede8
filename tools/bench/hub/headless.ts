/** Headless participants in one room of the hub. */
export interface HeadlessShape {
  readonly port: number;
  readonly room: string;
  /** Numbers of the participants within the room, so that several processes can fill one room. */
  readonly from: number;
  readonly count: number;
  readonly speaks: boolean;
}

/** Voices as received, summed over receivers since they joined. */
export interface VoiceFigures {
  readonly packets: number;
  readonly lost: number;
  /** Voices that each receiver hears at the moment of asking, summed. */
  readonly streams: number;
}

/** What a process of headless participants can be told to do. */
export type HeadlessOrder =
  | { readonly do: 'join'; readonly shape: HeadlessShape }
  | { readonly do: 'voices' }
  | { readonly do: 'awaitAll'; readonly others: number; readonly sinceMs: number; readonly timeoutMs: number };

export type HeadlessAnswer =
  | { readonly done: true }
  | { readonly voices: VoiceFigures }
  | { readonly heardMs: readonly number[] };
