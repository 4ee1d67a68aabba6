import { BlockList, isIPv4, isIPv6 } from 'node:net';

/** Whether an address is on the list; an empty list has all. Throws for an entry that is neither an address nor a network such as 196.201.214.0/24. */
export function addressCheck(allow: readonly string[]): (ip: string) => boolean {
  if (allow.length === 0) return () => true;
  const list = new BlockList();
  for (const entry of allow) addTo(list, entry);
  return (ip) => {
    const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(ip)?.[1] ?? ip;
    if (isIPv4(mapped)) return list.check(mapped, 'ipv4');
    return isIPv6(mapped) && list.check(mapped, 'ipv6');
  };
}

function addTo(list: BlockList, entry: string): void {
  const [address = '', prefix] = entry.split('/');
  const family = isIPv4(address) ? 'ipv4' : isIPv6(address) ? 'ipv6' : undefined;
  const bits = prefix === undefined ? undefined : Number(prefix);
  const isPrefix =
    bits === undefined || (Number.isInteger(bits) && bits >= 0 && bits <= (family === 'ipv4' ? 32 : 128));
  if (family === undefined || !isPrefix) throw new Error(`${entry} is neither an address nor a network`);
  if (bits === undefined) list.addAddress(address, family);
  else list.addSubnet(address, bits, family);
}
