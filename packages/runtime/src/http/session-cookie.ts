import type { Response } from 'express';

export const SESSION_COOKIE = 'turnpike_session';

/** The browser's side of a session: what a handler can do to the cookie that carries its token. */
export interface SessionCookie {
  /** This request came with the cookie, not with a bearer header. */
  readonly used: boolean;
  /** `expiresAt`: ISO 8601. */
  set(token: string, expiresAt: string): void;
  clear(): void;
}

/** `secure`: people reach us by HTTPS, so the browser shall never send the cookie without. */
export function sessionCookieOf(response: Response, options: { used: boolean; secure: boolean }): SessionCookie {
  const rules = `; Path=/; HttpOnly; SameSite=Strict${options.secure ? '; Secure' : ''}`;
  const write = (value: string, expires: Date) =>
    response.append('Set-Cookie', `${SESSION_COOKIE}=${value}; Expires=${expires.toUTCString()}${rules}`);
  return {
    used: options.used,
    set: (token, expiresAt) => void write(token, new Date(expiresAt)),
    clear: () => void write('', new Date(0)),
  };
}

/** The token in a Cookie header (RFC 6265 section 5.4); undefined when there is none that could be one. */
export function readSessionCookie(header: string | undefined): string | undefined {
  if (header === undefined) return undefined;
  for (const pair of header.split(';')) {
    const [name, value] = pair.trim().split('=', 2);
    if (name === SESSION_COOKIE && value !== undefined && /^[A-Za-z0-9._~+/-]{1,512}$/.test(value)) return value;
  }
  return undefined;
}
