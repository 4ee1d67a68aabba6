import { Button, Tooltip, type ButtonProps } from '@mantine/core';
import type { Permission } from '@turnpike/contracts/permissions.js';
import { useMay, useMe } from '../session/session.js';
import { useWords } from '../words/use-words.js';
import { kitWords } from './kit-words.js';

interface Props extends ButtonProps {
  readonly needs: Permission;
  /** Another reason why it cannot be done now; undefined: it can. */
  readonly because?: string | undefined;
  readonly onClick?: () => void;
  readonly type?: 'button' | 'submit';
}

/** A button for who may; for others it stays visible and says why it does nothing. */
export function Action({ needs, because, onClick, type = 'button', ...button }: Props) {
  const t = useWords(kitWords);
  const { role } = useMe();
  const reason = useMay(needs) ? because : t('notAllowed', { role, permission: needs });
  if (reason === undefined) return <Button {...button} type={type} onClick={onClick} />;
  return (
    <Tooltip label={reason} multiline maw={280} events={{ hover: true, focus: true, touch: true }}>
      {/* Not `disabled`: a disabled button takes no focus, and then nobody reads why. */}
      <Button {...button} type="button" data-disabled aria-disabled aria-description={reason} onClick={undefined} />
    </Tooltip>
  );
}
