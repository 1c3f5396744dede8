import { describe, expect, it } from 'vitest';
import { meetingStoreContract } from '@/tests/contract/meetingStore';
import { MemoryMeetingStore } from './memoryMeetingStore';

describe('MemoryMeetingStore', () => {
  meetingStoreContract(async () => new MemoryMeetingStore());

  it('a closed memory store refuses like a database that is away', async () => {
    const store = new MemoryMeetingStore();
    await store.close();
    await expect(store.findMeeting('weekly')).rejects.toMatchObject({ reason: 'unavailable' });
  });
});
