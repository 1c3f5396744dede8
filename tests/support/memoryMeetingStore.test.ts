import { describe, expect, it } from 'vitest';
import { meetingStoreContract } from '@/tests/contract/meetingStore';
import { MemoryMeetingStore } from './memoryMeetingStore';

describe('MemoryMeetingStore', () => {
  meetingStoreContract(async () => new MemoryMeetingStore());

  it('once closed, refuses as a database that is away does', async () => {
    const store = new MemoryMeetingStore();
    await store.close();
    await expect(store.findMeeting('weekly')).rejects.toMatchObject({ reason: 'unavailable' });
  });
});
