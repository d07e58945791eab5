import fc from "fast-check";
import { expect, test } from "vitest";
import { factorRuleOf, recoveryHash, sealed, sealingKeyOf, typedCode, unsealed } from "./rules";

const key = sealingKeyOf("the secret of an application");

test("S15: what is sealed opens with its key, for whom it was sealed, and no otherwise", () => {
  fc.assert(
    fc.property(fc.string(), fc.string(), fc.string(), fc.nat(), (text, forWhom, other, at) => {
      const closed = sealed(key, text, forWhom);
      expect(unsealed(key, closed, forWhom)).toBe(text);
      expect(sealed(key, text, forWhom)).not.toBe(closed);
      if (other !== forWhom) expect(unsealed(key, closed, other)).toBeNull();
      expect(unsealed(sealingKeyOf(`another ${other}`), closed, forWhom)).toBeNull();
      const bytes = Buffer.from(closed.slice(3), "base64url");
      bytes[at % bytes.length]! ^= 1;
      expect(unsealed(key, `v1.${bytes.toString("base64url")}`, forWhom)).toBeNull();
    }),
  );
  for (const text of ["", "v1.", "v1.AAAA", "v2.x", closedShort()]) expect(unsealed(key, text, "")).toBeNull();
});

const closedShort = () => sealed(key, "text", "").slice(0, 30);

test("S15: a code is known however its groups are parted, and a recovery code is of one person", () => {
  for (const text of ["123456", " 123 456 ", "123-456"]) expect(typedCode(text)).toEqual({ kind: "totp", code: "123456" });
  expect(typedCode("ABCDE-fghjk mnpqr-23456")).toEqual({ kind: "recovery", code: "abcdefghjkmnpqr23456" });
  for (const text of ["12345", "1234567", "١٢٣٤٥٦", ""]) expect(typedCode(text).kind).toBe("recovery");
  expect(recoveryHash("1", "ABCDE-FGHJK")).toBe(recoveryHash("1", "abcdefghjk"));
  expect(recoveryHash("1", "abcdefghjk")).not.toBe(recoveryHash("2", "abcdefghjk"));
});

test("S15: a second factor is required where the environment says so, and where it says what nobody knows", () => {
  const rules = [undefined, "", "optional", "required", "Required", "yes"].map((ACCORD_SECOND_FACTOR) =>
    factorRuleOf({ ACCORD_SECOND_FACTOR }),
  );
  expect(rules).toEqual(["optional", "optional", "optional", "required", "required", "required"]);
});
