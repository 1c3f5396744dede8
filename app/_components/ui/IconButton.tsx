'use client';

import type { ComponentProps } from 'react';
import type { IconName } from '../icons/Icon';
import { Icon } from '../icons/Icon';
import { RoundButton } from './RoundButton';

/** A round button of one icon; `label` is its name. */
export function IconButton({ icon, ...rest }: { icon: IconName; label: string } & ComponentProps<'button'>) {
  return (
    <RoundButton {...rest}>
      <Icon name={icon} sizePx={20} />
    </RoundButton>
  );
}
