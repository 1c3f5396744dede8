import { downlinkOf } from '../bridgeMessage';
import type { JitsiBridgeChannel, JitsiConference } from './library';

/** What a tap on the bridge channel reports. */
interface ChannelTapListener {
  /** An echo has come back. The library drops those, like every message from an endpoint that is not in its list. */
  onEcho(payload: unknown): void;
  /** The bridge's estimate of the bandwidth to this client, bits per second. Older builds do not pass it on. */
  onDownlink(downlinkBps: number): void;
  /** The channel has closed. No build of the library reports that for a data channel, and few for a WebSocket. */
  onClosed(): void;
}

interface BridgeMessage {
  readonly colibriClass?: unknown;
  readonly from?: unknown;
  readonly msgPayload?: unknown;
}

/** The message in `text` if only a tap may hear it. Most messages are the other endpoints' and are not parsed here. */
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

/** Listens to the socket or data channel under the library. Hears nothing in builds that hide it. */
export class ChannelTap {
  private wrapper: JitsiBridgeChannel | null = null;
  private stop: () => void = () => {};

  constructor(
    private readonly conference: JitsiConference,
    private readonly listener: ChannelTapListener,
  ) {}

  /**
   * Whether the library reopens a closed channel: a WebSocket always, a data channel only with a fresh session, which has
   * another wrapper.
   */
  get reopens(): boolean {
    const current = this.conference.rtc?._channel;
    return this.wrapper === null || current !== this.wrapper || current.mode !== 'datachannel';
  }

  /** Whether messages can leave. In builds that hide the channel, the library throws if they cannot. */
  get isOpen(): boolean {
    const state = this.conference.rtc?._channel?._channel?.readyState;
    return state === undefined || state === WebSocket.OPEN || state === 'open';
  }

  /** Bytes queued in the channel; null in builds that hide it. */
  get backlogBytes(): number | null {
    return this.conference.rtc?._channel?._channel?.bufferedAmount ?? null;
  }

  /** Listens to the channel that has just opened, and no longer to an earlier one. */
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
