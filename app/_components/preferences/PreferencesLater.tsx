'use client';

import { useLater } from '@/app/_hooks/useLater';

// A page does without them.
const loadPreferences = () =>
  import('./Preferences').then(
    (module) => module.Preferences,
    () => null,
  );

/** Language and appearance, fetched once the page stands: nobody waits for them, and most keep what they have. */
export function PreferencesLater() {
  const Preferences = useLater(loadPreferences);
  return Preferences && <Preferences />;
}
