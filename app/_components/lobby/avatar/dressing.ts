/** What dresses an avatar, fetched after the lobby stands: the tables of colours are not needed to sit down. */
export { recallWardrobe, rememberWardrobe } from '@/app/_memory/wardrobeMemory';
export { OwnAvatarLater } from '../own/OwnAvatarLater';
export { AvatarColours } from './AvatarColours';
export { AvatarWays } from './AvatarWays';
export { LivePeople } from './LivePeople';
export { SurpriseButton } from './SurpriseButton';
