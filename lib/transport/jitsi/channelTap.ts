import { downlinkOf } from '../bridgeMessage';
import type { JitsiBridgeChannel, JitsiConference } from './library';

/** What a tap on the bridge channel reports. */
interface ChannelTapListener {
  /** Whether the list of the library is stale, so that messages of endpoints that it lacks are wanted. */
  wantsStrays(): boolean;
  /** A message of an endpoint that is not in the list of the library, which drops it. */
  onStray(endpointId: string, payload: unknown): void;
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

/**
 * The message in `text` if only a tap may hear it. Most messages are the other endpoints' and are not parsed here, unless `isAny`.
 */
function messageForTap(text: unknown, endpointId: string, isAny: boolean): BridgeMessage | null {
  if (typeof text !== 'string') return null;
  if (!isAny && !text.includes(`"${endpointId}"`) && !text.includes('"ConnectionStats"')) return null;
  try {
    return JSON.parse(text) as BridgeMessage | null;
  } catch {
    return null;
  }
}

/** The sender of an endpoint message; null for any other. */
function senderOf(message: BridgeMessage | null): string | null {
  const isOfEndpoint = message?.colibriClass === 'EndpointMessage' && typeof message.from === 'string';
  return isOfEndpoint ? (message.from as string) : null;
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
    const onMessage = (event: Event) => this.take((event as MessageEvent).data, endpointId);
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

  private take(data: unknown, ownId: string): void {
    const wantsStrays = this.listener.wantsStrays();
    const message = messageForTap(data, ownId, wantsStrays);
    const from = senderOf(message);
    const downlinkBps = downlinkOf(message);
    if (from === ownId) this.listener.onEcho(message?.msgPayload);
    else if (from !== null && wantsStrays && !this.conference.getParticipantById(from)) {
      this.listener.onStray(from, message?.msgPayload);
    }
    if (downlinkBps !== null) this.listener.onDownlink(downlinkBps);
  }
}
