import { downlinkOf } from '../bridgeMessage';
import type { JitsiBridgeChannel, JitsiConference } from './library';

/** What a tap on the bridge channel tells. */
export interface ChannelTapListener {
  /** One's own message has come back: the library drops those, as it does all from outside its roster. */
  onEcho(payload: unknown): void;
  /** The bridge's estimate of the way down, bits a second: builds of some years ago keep it to themselves. */
  onDownlink(downlinkBps: number): void;
  /** The channel has closed: no build of the library says so of a data channel, and few of a WebSocket. */
  onClosed(): void;
}

interface BridgeMessage {
  readonly colibriClass?: unknown;
  readonly from?: unknown;
  readonly msgPayload?: unknown;
}

/** The message in `text`, where it can be one that only a tap hears: most are the others' and are left unread. */
function messageForTap(text: unknown, endpointId: string): BridgeMessage | null {
  if (typeof text !== 'string') return null;
  if (!text.includes(`"${endpointId}"`) && !text.includes('"ConnectionStats"')) return null;
  try {
    return JSON.parse(text) as BridgeMessage | null;
  } catch {
    return null;
  }
}

function payloadOfEcho(message: BridgeMessage | null, endpointId: string): unknown {
  const isEcho = message?.colibriClass === 'EndpointMessage' && message.from === endpointId;
  return isEcho ? message.msgPayload : undefined;
}

/** Listens beside the library to the socket or data channel under it; where that cannot be reached, it hears nothing. */
export class ChannelTap {
  private wrapper: JitsiBridgeChannel | null = null;
  private stop: () => void = () => {};

  constructor(
    private readonly conference: JitsiConference,
    private readonly listener: ChannelTapListener,
  ) {}

  /**
   * Whether the library opens the closed channel again: a WebSocket always, a data channel only by another session with
   * the bridge, which comes with another wrapper.
   */
  get reopens(): boolean {
    const current = this.conference.rtc?._channel;
    return this.wrapper === null || current !== this.wrapper || current.mode !== 'datachannel';
  }

  /** Whether messages can go out; where the channel cannot be reached, the library says it by throwing. */
  get isOpen(): boolean {
    const state = this.conference.rtc?._channel?._channel?.readyState;
    return state === undefined || state === WebSocket.OPEN || state === 'open';
  }

  /** Bytes that wait to be sent; null where the channel cannot be reached. */
  get backlogBytes(): number | null {
    return this.conference.rtc?._channel?._channel?.bufferedAmount ?? null;
  }

  /** Listens to the channel that has just opened, and to no earlier one. */
  attach(): void {
    this.detach();
    this.wrapper = this.conference.rtc?._channel ?? null;
    const channel: EventTarget | null | undefined = this.wrapper?._channel;
    if (!channel) return;
    const endpointId = this.conference.myUserId();
    const onMessage = (event: Event) => {
      const message = messageForTap((event as MessageEvent).data, endpointId);
      const payload = payloadOfEcho(message, endpointId);
      const downlinkBps = downlinkOf(message);
      if (payload !== undefined) this.listener.onEcho(payload);
      if (downlinkBps !== null) this.listener.onDownlink(downlinkBps);
    };
    const onClose = () => this.listener.onClosed();
    channel.addEventListener('message', onMessage);
    channel.addEventListener('close', onClose);
    this.stop = () => {
      channel.removeEventListener('message', onMessage);
      channel.removeEventListener('close', onClose);
    };
  }

  detach(): void {
    this.stop();
    this.stop = () => {};
  }
}
