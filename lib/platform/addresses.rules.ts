/** An address as a number, of 32 bits or of 128. */
type Address = { bits: bigint; size: 32 | 128 };
type Network = Address & { prefix: number };

function version4(text: string): bigint | null {
  const parts = text.split(".");
  if (parts.length !== 4 || !parts.every((part) => /^(0|[1-9]\d{0,2})$/.test(part) && Number(part) < 256)) return null;
  return parts.reduce((bits, part) => (bits << 8n) | BigInt(part), 0n);
}

function version6(text: string): bigint | null {
  // Its last 32 bits may be written as an address of version 4.
  const tail = /^(.*:)(\d+\.\d+\.\d+\.\d+)$/.exec(text);
  const four = tail ? version4(tail[2]!) : null;
  if (tail && four === null) return null;
  const whole = tail ? `${tail[1]}${(four! >> 16n).toString(16)}:${(four! & 0xffffn).toString(16)}` : text;
  const halves = whole.split("::").map((half) => (half === "" ? [] : half.split(":")));
  if (halves.length > 2 || !halves.flat().every((part) => /^[0-9a-f]{1,4}$/i.test(part))) return null;
  const gap = 8 - halves.flat().length;
  if (halves.length === 2 ? gap < 1 : gap !== 0) return null;
  const parts = [...halves[0]!, ...Array<string>(gap).fill("0"), ...(halves[1] ?? [])];
  return parts.reduce((bits, part) => (bits << 16n) | BigInt(`0x${part}`), 0n);
}

/** What is written as version 6 and is an address of version 4 is that one. */
function addressOf(text: string): Address | null {
  const four = version4(text);
  if (four !== null) return { bits: four, size: 32 };
  const six = text.includes(":") ? version6(text) : null;
  if (six === null) return null;
  return six >> 32n === 0xffffn ? { bits: six & 0xffffffffn, size: 32 } : { bits: six, size: 128 };
}

function networkOf(text: string): Network | null {
  const [address = "", bits, ...rest] = text.split("/");
  const at = addressOf(address);
  if (at === null || rest.length > 0) return null;
  if (bits === undefined) return { ...at, prefix: at.size };
  return /^\d{1,3}$/.test(bits) && Number(bits) <= at.size ? { ...at, prefix: Number(bits) } : null;
}

const holds = ({ bits, size, prefix }: Network, at: Address): boolean =>
  at.size === size && at.bits >> BigInt(size - prefix) === bits >> BigInt(size - prefix);

// What is not reached over the public internet, or leads to the machine itself: RFC 6890 with what was added since, and the forms of
// version 6 that carry an address of version 4.
const special = [
  ...["0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24"],
  ...["192.0.2.0/24", "192.88.99.0/24", "192.168.0.0/16", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/3"],
  ...["::/96", "64:ff9b::/96", "64:ff9b:1::/48", "100::/64", "2001::/23", "2001:db8::/32", "2002::/16", "fc00::/7"],
  ...["fe80::/10", "fec0::/10", "ff00::/8"],
].map((text) => networkOf(text)!);

const networksIn = (allow: readonly string[]): Network[] => allow.flatMap((one) => networkOf(one) ?? []);
const bare = (host: string): string => host.replace(/^\[|\]$/g, "").toLowerCase();

/** Whether a text is an address or a network such as 10.0.0.0/8. */
export const isNetwork = (text: string): boolean => networkOf(text) !== null;

/** Whether a call may go to an address: a public one, or one of the networks that are allowed by name. */
export function mayReach(address: string, allow: readonly string[]): boolean {
  const at = addressOf(bare(address));
  if (at === null) return false;
  return networksIn(allow).some((network) => holds(network, at)) || !special.some((network) => holds(network, at));
}

/** Whether a host is one of those that are allowed; where no name is, the address of the call is its own allowance. */
export function isAllowedHost(host: string, allow: readonly string[]): boolean {
  const names = allow.filter((one) => !isNetwork(one)).map((one) => one.toLowerCase());
  if (names.length === 0 || names.includes(bare(host))) return true;
  const at = addressOf(bare(host));
  return at !== null && networksIn(allow).some((network) => holds(network, at));
}
