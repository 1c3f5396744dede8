import { AVATAR_KEYS } from '@/lib/core/avatars';
import type { SeatedPerson } from '@/lib/core/meeting';

const NAMES = [
  'Marta',
  'Jonas',
  '林晓雨',
  'Ibrahim Al-Rashid',
  'Sofía',
  'Kofi',
  'Priya Raman',
  'Ed',
  'Hannah',
  'Tomasz',
  '王伟',
  'Aisha',
  'Lukas',
  'Mei',
  'Olu',
  'Ruth Bader',
] as const;

/** The first `count` people of a made meeting, on the first seats. */
export function people(count: number): SeatedPerson[] {
  return Array.from({ length: count }, (_, seat) => ({
    id: `p${seat}`,
    name: NAMES[seat % NAMES.length]!,
    avatar: AVATAR_KEYS[seat % AVATAR_KEYS.length]!,
    seat,
  }));
}
