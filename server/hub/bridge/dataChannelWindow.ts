import { DeliveryWindow } from './deliveryWindow';

/** Which bytes of a data channel have arrived, its association knows: they are no longer buffered. */
export class DataChannelWindow {
  private readonly window: DeliveryWindow;
  private sentBytes = 0;
  private probe: { readonly number: number; readonly sentBytes: number } | null = null;

  constructor(nowMs: number) {
    this.window = new DeliveryWindow(nowMs);
  }

  /** Bytes that may be handed over now, while `bufferedBytes` have not been acknowledged; below 0 where it is too much. */
  roomBytes(bufferedBytes: number, nowMs: number): number {
    const { probe } = this;
    if (probe && this.sentBytes - bufferedBytes >= probe.sentBytes) {
      this.probe = null;
      this.window.answered(probe.number, nowMs);
    }
    return this.window.sizeBytes - bufferedBytes;
  }

  sent(sizeBytes: number, nowMs: number): void {
    this.sentBytes += sizeBytes;
    this.window.sent(sizeBytes);
    if (this.window.wantsProbe(nowMs)) {
      this.probe = { number: this.window.beginProbe(nowMs), sentBytes: this.sentBytes };
    }
  }
}
