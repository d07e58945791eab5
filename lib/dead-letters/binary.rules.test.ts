import { expect, test } from "vitest";
import { binaryOf, textOfBytes } from "./binary.rules";

const at = { root: false, masked: false };
const root = { root: true, masked: false };
const png = Buffer.concat([Buffer.from("89504e470d0a1a0a", "hex"), Buffer.alloc(1_000, 7)]);

test("bytes are shown as what they are: format, size and the first of them", () => {
  expect(binaryOf(png.toString("base64"), at)).toEqual({
    $binary: "PNG image",
    bytesN: 1_008,
    head: "89 50 4e 47 0d 0a 1a 0a 07 07 07 07 07 07 07 07",
  });
  expect(binaryOf(`\\x${png.toString("hex")}`, at)).toMatchObject({ $binary: "PNG image" });
  expect(binaryOf(Buffer.from("%PDF-1.7 and so on").toString("base64"), at)).toMatchObject({ $binary: "PDF document" });
  expect(binaryOf("1f8b08000000000000ff", root)).toMatchObject({ $binary: "gzip, compressed", bytesN: 10 });
  expect(
    binaryOf(Buffer.from(Array.from({ length: 300 }, (_, i) => (i * 151 + 200) % 256)).toString("base64"), at),
  ).toMatchObject({ $binary: "Bytes of no known format" });
});

test("where a contract masks, the first bytes are not told either", () => {
  expect(binaryOf(png.toString("base64"), { root: true, masked: true })).toEqual({
    $binary: "PNG image",
    bytesN: 1_008,
    head: null,
  });
});

test("ids, hashes and words are texts, however they look", () => {
  for (const text of [
    "",
    "ORD-4711",
    "3f786850e387550fdab836ed7e6dc881de23001b",
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "eyJhbGciOiJIUzI1NiJ9",
    "abcdefghijklmnopqrstuvwxyz012345",
    "5e0d0c1a-0000-4000-8000-000000000001",
    Buffer.from("a long text that somebody has put into base64 ".repeat(10)).toString("base64"),
  ])
    expect([text, binaryOf(text, at)]).toEqual([text, null]);
});

test("a payload of bytes that say a text is that text", () => {
  expect(textOfBytes(Buffer.from('{"orderId": "ORD-1"}').toString("hex"))).toBe('{"orderId": "ORD-1"}');
  expect(textOfBytes(Buffer.from("<order><id>1</id></order>").toString("hex"))).toBe("<order><id>1</id></order>");
  expect(textOfBytes(png.toString("hex"))).toBeNull();
  expect(textOfBytes("plain words")).toBeNull();
  expect(textOfBytes("ORD-1")).toBeNull();
});
