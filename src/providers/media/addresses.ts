import { BlockList, isIPv4, isIPv6 } from "node:net";

/** Networks that are not global unicast (mapping B.7). Mapped and translated IPv4 is judged as the IPv4 it stands for. */
// Two lists: an IPv4 address would match the IPv6 network of mapped addresses.
const closed4 = new BlockList();
const closed6 = new BlockList();
const v4: [string, number][] = [
  ["0.0.0.0", 8],
  ["10.0.0.0", 8],
  ["100.64.0.0", 10],
  ["127.0.0.0", 8],
  ["169.254.0.0", 16],
  ["172.16.0.0", 12],
  ["192.0.0.0", 24],
  ["192.0.2.0", 24],
  ["192.88.99.0", 24],
  ["192.168.0.0", 16],
  ["198.18.0.0", 15],
  ["198.51.100.0", 24],
  ["203.0.113.0", 24],
  ["224.0.0.0", 4],
  ["240.0.0.0", 4],
];
const v6: [string, number][] = [
  ["::", 128],
  ["::1", 128],
  ["::", 96],
  ["::ffff:0:0", 96],
  ["::ffff:0:0:0", 96],
  ["64:ff9b::", 96],
  ["64:ff9b:1::", 48],
  ["100::", 64],
  ["2001::", 23],
  ["2001:db8::", 32],
  ["2002::", 16],
  ["3fff::", 20],
  ["5f00::", 16],
  ["fc00::", 7],
  ["fe80::", 10],
  ["fec0::", 10],
  ["ff00::", 8],
];
for (const [net, prefix] of v4) closed4.addSubnet(net, prefix, "ipv4");
for (const [net, prefix] of v6) closed6.addSubnet(net, prefix, "ipv6");

/** True when the address may be reached from anywhere: not private, loopback, link-local, metadata, mapped or reserved. */
export function isPublicAddress(address: string): boolean {
  const plain = address.replace(/^\[|\]$/g, "").replace(/%.*$/, "");
  if (isIPv4(plain)) return !closed4.check(plain, "ipv4");
  return isIPv6(plain) && !closed6.check(plain, "ipv6");
}
