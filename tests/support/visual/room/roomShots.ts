import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { AVATAR_KEYS } from '@/lib/core/avatars';
import type { SeatedPerson } from '@/lib/core/meeting';
import { type BundledPage, openBundledPage, type PageWindow } from '../bundledPage';
import type { RoomPage, RoomPicture } from './pageContract';

const NAMES = [
  'Marta',
  'Jonas',
  'Lin Xiaoyu',
  'Ibrahim Al-Rashid',
  'Sofía',
  'Kofi',
  'Priya Raman',
  'Ed',
  'Hannah',
  'Tomasz',
  'Wang Wei',
  'Aisha',
  'Lukas',
  'Mei',
  'Olu',
  'Ruth Bader',
] as const;

/** The first `count` people of a made-up meeting, on the first seats. */
export function madePeople(count: number): SeatedPerson[] {
  return Array.from({ length: count }, (_, seat) => ({
    id: `p${seat}`,
    name: NAMES[seat % NAMES.length]!,
    avatar: AVATAR_KEYS[seat % AVATAR_KEYS.length]!,
    seat,
    endpoint: null,
  }));
}

/** A wide window at half size and an upright phone, CSS pixels. */
export const WINDOWS = { desktop: { width: 720, height: 450 }, phone: { width: 390, height: 844 } } as const;

/** A picture with its name and window. */
export interface NamedPicture extends RoomPicture {
  readonly name: string;
  readonly window: keyof typeof WINDOWS;
}

const seats = 16;

/** The room as most people see it: both arrangements, all moods, with and without spectators, several views. */
export const ROOM_PICTURES: readonly NamedPicture[] = [
  { name: 'room-desktop-2-day', window: 'desktop', seats, people: madePeople(2), selfId: 'p0', speaking: ['p1'] },
  { name: 'room-desktop-6-evening', window: 'desktop', seats, people: madePeople(6), mood: 'evening', spectators: 9 },
  { name: 'room-desktop-16-dark', window: 'desktop', seats, people: madePeople(16), mood: 'dark', spectators: 40 },
  {
    name: 'room-desktop-16-speaker',
    window: 'desktop',
    seats,
    people: madePeople(16),
    view: 'speaker',
    speaking: ['p5'],
  },
  { name: 'room-desktop-6-above', window: 'desktop', seats, people: madePeople(6), view: 'overTable', away: ['p2'] },
  { name: 'room-phone-2-evening', window: 'phone', seats, people: madePeople(2), selfId: 'p0', mood: 'evening' },
  { name: 'room-phone-16-day', window: 'phone', seats, people: madePeople(16), speaking: ['p6'] },
  {
    name: 'room-phone-16-speaker',
    window: 'phone',
    seats,
    people: madePeople(16),
    mood: 'dark',
    view: 'speaker',
    speaking: ['p9'],
  },
];

type Global = { readonly roomPage: RoomPage };

const ENTRY = join('tests', 'support', 'visual', 'room', 'page.tsx');
/** The pages' typeface, so that names look the same on every machine. */
const FONT = join(
  'node_modules',
  '@fontsource-variable',
  'bricolage-grotesque',
  'files',
  'bricolage-grotesque-latin-wght-normal.woff2',
);

/** A browser page that draws the meeting's room. */
export class RoomShots {
  private constructor(private readonly bundled: BundledPage) {}

  static async open(browser: Browser, window: PageWindow): Promise<RoomShots> {
    const bundled = await openBundledPage(browser, ENTRY, window);
    await bundled.page.evaluate(async (data) => {
      const font = new FontFace('Bricolage Grotesque Variable', `url(data:font/woff2;base64,${data})`, {
        weight: '200 800',
      });
      document.fonts.add(await font.load());
      document.body.style.fontFamily = '"Bricolage Grotesque Variable", system-ui, sans-serif';
    }, readFileSync(FONT).toString('base64'));
    return new RoomShots(bundled);
  }

  /** Blocks all avatars, so that stand-ins sit there and the pictures do not depend on them. */
  async withoutAvatars(): Promise<void> {
    await this.bundled.page.route('**/*.vrm', (route) => route.abort());
  }

  /** A picture as PNG. */
  async picture(order: RoomPicture): Promise<Buffer> {
    const { png } = await this.bundled.page.evaluate(
      (wanted) => (globalThis as unknown as Global).roomPage.show(wanted),
      order,
    );
    return Buffer.from(png.slice(png.indexOf(',') + 1), 'base64');
  }

  close(): Promise<void> {
    return this.bundled.close();
  }
}
