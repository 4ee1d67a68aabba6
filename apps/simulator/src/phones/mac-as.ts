/** RouterOS writes the address by a pattern such as `xx-xx-xx-xx-xx-xx`, in its letters' case. */
export function macAs(pattern: string, mac: string): string {
  const digits = mac.replaceAll(':', '');
  let next = 0;
  const shape = /^[xX]{2}.*[xX]{2}$/.test(pattern) ? pattern : 'XX:XX:XX:XX:XX:XX';
  return [...shape]
    .map((letter) => {
      if (letter !== 'x' && letter !== 'X') return letter;
      const digit = digits[next] ?? '';
      next += 1;
      return letter === 'x' ? digit.toLowerCase() : digit.toUpperCase();
    })
    .join('');
}
