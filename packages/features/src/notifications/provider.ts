import type { Channel, TemplateName } from '@turnpike/contracts/notifications.js';

export interface Attachment {
  readonly fileName: string;
  /** With its charset where it is text. */
  readonly contentType: string;
  readonly content: Uint8Array;
}

export interface OutgoingMessage {
  readonly id: string;
  readonly channel: Channel;
  /** `test`: somebody tries the settings out. */
  readonly template: TemplateName | 'test';
  /** E.164 digits or an e-mail address. */
  readonly recipient: string;
  readonly subject: string;
  readonly text: string;
  /** Of e-mails. */
  readonly attachments?: readonly Attachment[] | undefined;
}

/**
 * refused: this message will never get through, whatever is tried. later: it may, the next time. `reason`: the provider's
 * own words.
 */
export type Delivery =
  | { readonly kind: 'sent'; readonly messageId: string | null }
  | { readonly kind: 'refused'; readonly reason: string }
  | { readonly kind: 'later'; readonly reason: string };

/** Whoever carries messages of one channel. Never throws for what the other side says or fails to say. */
export interface NotificationProvider {
  readonly name: string;
  send(message: OutgoingMessage, signal: AbortSignal): Promise<Delivery>;
  close(): void;
}

export type NotificationProviders = Readonly<Record<Channel, NotificationProvider>>;
