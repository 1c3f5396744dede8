import { afterEach, expect } from 'vitest';
import type { HubOptions } from '@/server/hub/hub';
import { LOOPBACK_MEDIA, startTestHub, type TestHub } from '../testHub';
import { StockClient } from './stockClient';

/** The stock Jitsi of one test after another, closed after each, which must have reported no error. */
export class StockWorld {
  private current: TestHub | null = null;

  constructor() {
    afterEach(async () => {
      expect(this.world.errors).toEqual([]);
      await this.close();
    });
  }

  get world(): TestHub {
    if (!this.current) throw new Error('the stock Jitsi has not been started');
    return this.current;
  }

  /** Starts it, in place of one that this test has started before. */
  async start(jicofo: HubOptions['jicofo'] = {}, options: Partial<HubOptions> = {}): Promise<void> {
    await this.close();
    this.current = await startTestHub({ jicofo, media: LOOPBACK_MEDIA, ...options });
  }

  join(personId: string, options: Parameters<typeof StockClient.join>[2] = {}): Promise<StockClient> {
    return StockClient.join(this.world, personId, options);
  }

  private async close(): Promise<void> {
    const { current } = this;
    this.current = null;
    await current?.close();
  }
}
