'use client';

import { useEffect, useRef, useState } from 'react';
import { parleyClient } from '@/app/_session/parleyClient';
import { AVATAR_LIMITS } from '@/lib/avatarFile/limits';
import { ownAvatarUrl, parseAvatarRef } from '@/lib/core/avatarRef';
import { checkInWorker } from './checkInWorker';
import { afterCheck, type CheckedFile, type OwnAvatarState, uploadProblem } from './ownAvatarState';

const EMPTY: OwnAvatarState = { step: 'empty', problem: null };
/** What is read at most, to say what is wrong with it. */
const READ_MAX_BYTES = AVATAR_LIMITS.sizeBytes * 6;

/** The file of an own avatar that is worn already; null where the site has it no more. */
async function fetchWorn(avatar: string, signal: AbortSignal): Promise<Uint8Array<ArrayBuffer> | null> {
  const ref = parseAvatarRef(avatar);
  if (ref?.kind !== 'own') return null;
  const answer = await fetch(ownAvatarUrl(ref), { signal }).catch(() => null);
  return answer?.ok ? new Uint8Array(await answer.arrayBuffer()) : null;
}

/** Reads, checks and brings along an avatar of one's own; `onWear` is told its reference once the site has it. */
export function useOwnAvatar(avatar: string, onWear: (avatar: string) => void) {
  const isWorn = parseAvatarRef(avatar)?.kind === 'own';
  const [state, setState] = useState<OwnAvatarState>(isWorn ? { step: 'reading', fileName: '' } : EMPTY);
  const current = useRef(new AbortController());
  const first = useRef(avatar);

  /** Ends what was going on; what comes of it late is dropped. */
  const begin = (): AbortSignal => {
    current.current.abort();
    current.current = new AbortController();
    return current.current.signal;
  };

  const send = async (file: CheckedFile, hasPermission: boolean, signal: AbortSignal) => {
    setState({ ...file, step: 'sending' });
    try {
      const stored = await parleyClient().avatar.upload(file.bytes, { hasPermission, signal });
      if (signal.aborted) return;
      setState({ ...file, step: 'worn' });
      onWear(stored.avatar);
    } catch (error) {
      if (signal.aborted) return;
      const problem = uploadProblem(error);
      setState(hasPermission ? { ...file, step: 'asking', problem } : { step: 'empty', problem });
    }
  };

  const choose = async (file: File) => {
    const signal = begin();
    if (file.size > READ_MAX_BYTES) {
      setState({ step: 'empty', problem: { key: 'ownError.size', values: { detail: `${READ_MAX_BYTES / 1e6} MB` } } });
      return;
    }
    setState({ step: 'reading', fileName: file.name });
    const bytes = new Uint8Array(await file.arrayBuffer());
    const next = afterCheck(await checkInWorker(bytes, signal), file.name, bytes);
    if (signal.aborted) return;
    setState(next);
    if (next.step === 'sending') await send(next, false, signal);
  };

  useEffect(() => {
    const { signal } = current.current;
    const worn = first.current;
    if (parseAvatarRef(worn)?.kind !== 'own') return;
    void fetchWorn(worn, signal).then(async (bytes) => {
      if (signal.aborted) return;
      if (!bytes) return setState({ step: 'empty', problem: { key: 'own.gone' } });
      const check = await checkInWorker(bytes, signal);
      if (signal.aborted || check.kind === 'broken') return;
      setState({ step: 'worn', fileName: '', bytes, report: check.report });
    });
    return () => current.current.abort();
  }, []);

  return {
    state,
    choose,
    /** The person says to have the author's permission. */
    permit: () => (state.step === 'asking' ? send(state, true, begin()) : undefined),
    /** Takes it off, or begins anew. */
    clear: () => {
      begin();
      setState(EMPTY);
    },
  };
}
