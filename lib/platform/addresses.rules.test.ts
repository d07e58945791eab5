import { expect, test } from "vitest";
import { isAllowedHost, isNetwork, mayReach } from "./addresses.rules";

test.each([
  ...["127.0.0.1", "10.1.2.3", "172.31.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1", "0.0.0.0", "255.255.255.255"],
  ...["::1", "::", "fe80::1", "fd00::1", "::ffff:10.0.0.1", "::ffff:a00:1", "64:ff9b::a00:1", "2002:a00:1::", "[::1]", "ff02::1"],
  ...["localhost", "", "1.2.3", "01.2.3.4", "1:2", "::1::"],
])("%s is not called unless its network is named", (address) => {
  expect(mayReach(address, ["orders.internal"])).toBe(false);
});

test("public addresses are called, and others within a network that is named", () => {
  for (const address of ["1.1.1.1", "172.32.0.1", "2606:4700::1111", "::ffff:1.1.1.1"]) expect(mayReach(address, [])).toBe(true);
  expect(mayReach("10.1.2.3", ["10.0.0.0/8"])).toBe(true);
  expect(mayReach("::ffff:10.1.2.3", ["10.1.2.3"])).toBe(true);
  expect(mayReach("fd00::5", ["fd00::/64"])).toBe(true);
  expect(mayReach("fd01::5", ["fd00::/64", "10.0.0.0/8"])).toBe(false);
  expect(mayReach("10.1.2.4", ["10.1.2.3"])).toBe(false);
});

test("networks are told from names, and names that are given are the only ones", () => {
  expect(["10.0.0.0/8", "::1", "fd00::/8"].every(isNetwork)).toBe(true);
  expect(["10.0.0.0/33", "10.0.0.0/8/1", "orders.internal", "300.1.1.1", "fd00::/129", ""].some(isNetwork)).toBe(false);
  expect(isAllowedHost("anything.example", ["10.0.0.0/8"])).toBe(true);
  expect(isAllowedHost("Orders.Internal", ["orders.internal"])).toBe(true);
  expect(isAllowedHost("evil.example", ["orders.internal"])).toBe(false);
  expect(isAllowedHost("[fd00::1]", ["orders.internal", "fd00::/8"])).toBe(true);
});
