'use client';

import { type FormEvent, useCallback, useEffect, useMemo, useState } from 'react';
import { useLater } from '@/app/_hooks/useLater';
import type { OpsKey } from '@/app/_i18n/messages';
import { ParleyApiError } from '@/lib/api';
import type { OpsClient } from '@/lib/api/opsClient';
import { PageHeader, PreferencesLater } from '../page/PageHeader';
import { WaitingScreen } from '../page/StateScreen';
import { Button } from '../ui/Button';
import { TextField } from '../ui/TextField';
import styles from './OpsPage.module.css';
import type { OpsParts } from './opsParts';
import { useOpsText } from './opsText';

const TOKEN_KEY = 'parley.opsToken';

/** The token that this tab keeps. A browser that keeps nothing asks again after a reload. */
function keptToken(): string | null {
  try {
    return window.sessionStorage.getItem(TOKEN_KEY);
  } catch {
    return null;
  }
}

function keepToken(token: string | null): void {
  try {
    if (token === null) window.sessionStorage.removeItem(TOKEN_KEY);
    else window.sessionStorage.setItem(TOKEN_KEY, token);
  } catch {
    // Nothing depends on it.
  }
}

const loadParts = (): Promise<OpsParts> => import('./opsParts');

function sentenceOf(error: unknown): OpsKey {
  const reason = error instanceof ParleyApiError ? error.reason : 'offline';
  if (reason === 'forbidden' || reason === 'badInput') return 'opsFailed.forbidden';
  return reason === 'tooManyRequests' ? 'opsFailed.tooManyRequests' : 'opsFailed.noAnswer';
}

interface TokenFormProps {
  readonly connect: (token: string) => OpsClient;
  /** What was wrong with the token before. */
  readonly problem: OpsKey | null;
  onToken(token: string): void;
}

/** Asks for the operators' token until the site takes one. */
function TokenForm({ connect, problem, onToken }: TokenFormProps) {
  const { t } = useOpsText();
  const [token, setToken] = useState('');
  const [failure, setFailure] = useState(problem);
  const [busy, setBusy] = useState(false);
  const enter = async (event: FormEvent) => {
    event.preventDefault();
    const shown = token.trim();
    setBusy(true);
    try {
      await connect(shown).overview();
      onToken(shown);
    } catch (error) {
      setFailure(sentenceOf(error));
      setBusy(false);
    }
  };
  return (
    <main className={styles.entrance}>
      <h1>{t('ops.pageTitle')}</h1>
      <p className={styles.soft}>{t('ops.askToken')}</p>
      <form className={styles.form} onSubmit={enter} noValidate>
        <TextField
          label={t('ops.token')}
          hint={t('ops.tokenHint')}
          error={failure && t(failure)}
          type="password"
          autoComplete="off"
          spellCheck={false}
          value={token}
          onChange={(event) => setToken(event.target.value)}
        />
        <Button type="submit" tone="accent" disabled={busy} aria-busy={busy}>
          {t(busy ? 'ops.entering' : 'ops.enter')}
        </Button>
      </form>
    </main>
  );
}

interface OpsPageProps {
  /** Makes the client for a token; by default one of this site. */
  readonly connect?: (token: string) => OpsClient;
}

/** The page of those who run the site: asks for their token, then shows how the site fares and what to do about it. */
export function OpsPage({ connect: givenConnect }: OpsPageProps) {
  const parts = useLater(loadParts);
  const [token, setToken] = useState<string | null>(null);
  const [problem, setProblem] = useState<OpsKey | null>(null);
  useEffect(() => setToken(keptToken()), []);
  const connect = useMemo(
    () => givenConnect ?? (parts && ((shown: string) => parts.createOpsClient(window.location.origin, shown))),
    [givenConnect, parts],
  );
  const client = useMemo(() => (token !== null && connect ? connect(token) : null), [token, connect]);
  const change = useCallback((shown: string | null, why: OpsKey | null) => {
    keepToken(shown);
    setToken(shown);
    setProblem(why);
  }, []);
  const forget = useCallback(() => change(null, null), [change]);
  const refuse = useCallback(() => change(null, 'opsFailed.forbidden'), [change]);
  if (!parts || !connect) return <WaitingScreen />;
  return (
    <div className={styles.page}>
      <PageHeader>
        <PreferencesLater />
      </PageHeader>
      {client ? (
        <parts.Dashboard client={client} onRefused={refuse} onForget={forget} />
      ) : (
        <TokenForm connect={connect} problem={problem} onToken={(shown) => change(shown, null)} />
      )}
    </div>
  );
}
