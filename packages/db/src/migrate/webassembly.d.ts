/** The part of Node's WebAssembly that is used here; the compiler only knows it together with the DOM. */
declare namespace WebAssembly {
  interface Instantiated {
    readonly instance: { readonly exports: Readonly<Record<string, unknown>> };
  }
  function instantiate(bytes: Uint8Array, imports: Readonly<Record<string, object>>): Promise<Instantiated>;
}
