import type { AvatarKey } from '@/lib/core/avatars';
import type { AvatarSpec } from '../avatarSpec';
import { ada } from './ada';
import { bo } from './bo';
import { cleo } from './cleo';
import { dayo } from './dayo';

/** The default avatars. */
export const AVATAR_SPECS: Readonly<Record<AvatarKey, AvatarSpec>> = { ada, bo, cleo, dayo };
