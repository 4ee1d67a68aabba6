/** The clipboard of pages over plain HTTP is the old one. */
export async function copyText(text: string): Promise<void> {
  if ('clipboard' in navigator && globalThis.isSecureContext) return navigator.clipboard.writeText(text);
  const field = document.createElement('textarea');
  field.value = text;
  document.body.append(field);
  field.select();
  document.execCommand('copy');
  field.remove();
}
