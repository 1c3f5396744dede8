import { avatarKeyOf, DEFAULT_AVATAR } from '@/lib/core/avatars';
import { isVisibleName } from '@/lib/core/visibleName';
import { readStored, writeStored } from './storage';

const KEY = 'parley.lobby';

/** What the lobby remembers of a person. A motion file is not kept: it can be larger than the storage. */
export interface LobbyMemory {
  readonly name: string;
  /** An avatar reference; whether its colours still exist is checked where it is used. */
  readonly avatar: string;
}

/** Reads what was remembered, whatever the storage holds. */
function parseLobbyMemory(stored: unknown): LobbyMemory {
  const { name, avatar } = (stored ?? {}) as { name?: unknown; avatar?: unknown };
  return {
    name: typeof name === 'string' && isVisibleName(name) ? name : '',
    avatar: typeof avatar === 'string' && avatarKeyOf(avatar) ? avatar : DEFAULT_AVATAR,
  };
}

export function recallLobby(): LobbyMemory {
  return parseLobbyMemory(readStored(KEY));
}

export function rememberLobby(memory: LobbyMemory): void {
  writeStored(KEY, memory);
}
