import { describe, expect, it } from 'vitest';
import { peopleAway } from '@/app/_session/people';
import type { Endpoint } from '@/lib/transport/transport';

function away(endpoints: readonly Endpoint[], ...hidden: string[]): string[] {
  return [
    ...peopleAway({ endpoints: new Map(endpoints.map((one) => [one.endpointId, one])), hidden: new Set(hidden) }),
  ];
}

const ANN = { endpointId: 'a', personId: 'ann' };
const BOB = { endpointId: 'b', personId: 'bob' };

describe('people away', () => {
  it('people whose page is hidden are away', () => {
    expect(away([ANN, BOB], 'b')).toEqual(['bob']);
    expect(away([ANN, BOB])).toEqual([]);
  });

  it('people with another, visible page are not away', () => {
    expect(away([ANN, { endpointId: 'a2', personId: 'ann' }], 'a')).toEqual([]);
    expect(away([{ endpointId: 'a2', personId: 'ann' }, ANN], 'a')).toEqual([]);
    expect(away([ANN, { endpointId: 'a2', personId: 'ann' }], 'a', 'a2')).toEqual(['ann']);
  });

  it('endpoints of unknown people are never away', () => {
    expect(away([{ endpointId: 'x', personId: null }], 'x')).toEqual([]);
  });
});
