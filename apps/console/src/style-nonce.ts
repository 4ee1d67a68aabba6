declare global {
  /** Read by libraries that add style elements as they run. */
  var __webpack_nonce__: string | undefined;
}

/** The nonce of this page's content security policy: style elements without it are ignored by the browser. */
export function styleNonce(): string {
  return document.querySelector<HTMLMetaElement>('meta[name="csp-nonce"]')?.content ?? '';
}

export function allowOwnStyles(nonce: string): void {
  globalThis.__webpack_nonce__ = nonce;
}
