/** Address: IP addresses and ranges of both families as numbers, and base64 as bytes. Sources: RFC 4632, RFC 4291, RFC 4648. */

/** All addresses of a family from `low` to `high`, both included. */
export interface AddressRange {
  readonly family: 4 | 6;
  readonly low: bigint;
  readonly high: bigint;
}

/** Reads an address, or a range in CIDR notation; without a prefix it is that one address. Undefined for anything else. */
export function readRange(text: string): AddressRange | undefined {
  const slash = text.indexOf('/');
  const address = readAddress(slash < 0 ? text : text.slice(0, slash));
  if (!address) return undefined;
  const width = address.family === 4 ? 32 : 128;
  const prefix = slash < 0 ? String(width) : text.slice(slash + 1);
  if (!/^\d{1,3}$/.test(prefix) || Number(prefix) > width) return undefined;
  const size = 1n << BigInt(width - Number(prefix));
  const low = (address.value / size) * size;
  return { family: address.family, low, high: low + size - 1n };
}

/** Whether `outer` has all addresses of `inner`. */
export function holdsRange(outer: AddressRange, inner: AddressRange): boolean {
  return outer.family === inner.family && outer.low <= inner.low && inner.high <= outer.high;
}

function readAddress(text: string): { family: 4 | 6; value: bigint } | undefined {
  if (text.includes(':')) {
    const value = readSix(text);
    return value === undefined ? undefined : { family: 6, value };
  }
  const value = readFour(text);
  return value === undefined ? undefined : { family: 4, value };
}

function readFour(text: string): bigint | undefined {
  const parts = text.split('.');
  if (parts.length !== 4 || !parts.every((part) => /^\d{1,3}$/.test(part) && Number(part) < 256)) return undefined;
  return parts.reduce((sum, part) => sum * 256n + BigInt(part), 0n);
}

function readSix(text: string): bigint | undefined {
  const dotted = text.lastIndexOf(':') + 1;
  const tail = text.includes('.') ? readFour(text.slice(dotted)) : undefined;
  if (text.includes('.') && tail === undefined) return undefined;
  const plain =
    tail === undefined
      ? text
      : `${text.slice(0, dotted)}${(tail >> 16n).toString(16)}:${(tail & 0xffffn).toString(16)}`;
  const halves = plain.split('::');
  if (halves.length > 2) return undefined;
  const [front, back] = halves.map((half) => (half === '' ? [] : half.split(':')));
  const given = (front?.length ?? 0) + (back?.length ?? 0);
  if (halves.length === 2 ? given > 7 : given !== 8) return undefined;
  const groups = [...(front ?? []), ...Array.from({ length: 8 - given }, () => '0'), ...(back ?? [])];
  if (!groups.every((group) => /^[\da-f]{1,4}$/i.test(group))) return undefined;
  return groups.reduce((sum, group) => sum * 65536n + BigInt(`0x${group}`), 0n);
}

/** An address as text; IPv6 in full. */
export function printAddress(family: 4 | 6, value: bigint): string {
  const [groups, bits] = family === 4 ? [4, 8n] : [8, 16n];
  const parts = Array.from({ length: groups }, (_, i) => (value >> (BigInt(groups - 1 - i) * bits)) % (1n << bits));
  return family === 4 ? parts.join('.') : parts.map((part) => part.toString(16)).join(':');
}

/** One spelling for all base64 texts of the same bytes; undefined where the text is no base64. */
export function readBytes(text: string): string | undefined {
  const body = text.replace(/={0,2}$/, '');
  if (body.length % 4 === 1 || !/^[A-Za-z\d+/]*$/.test(body)) return undefined;
  const spare = body.length % 4 === 2 ? 16 : body.length % 4 === 3 ? 4 : 1;
  const last = ALPHABET.indexOf(body.slice(-1));
  const ended = spare === 1 ? body : body.slice(0, -1) + (ALPHABET[last - (last % spare)] ?? '');
  return ended.padEnd(Math.ceil(ended.length / 4) * 4, '=');
}

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
