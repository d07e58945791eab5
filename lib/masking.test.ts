import fc from "fast-check";
import { expect, test } from "vitest";
import { parseJson } from "./json";
import { isMaskingPath, maskedValues, maskerOf, maskJson, nameOrShape, shapeWords, textMasker, withinDepth } from "./masking";

test("a masked value shows its shape and nothing else", () => {
  expect(
    ["Anna Nowak", "4111 1111 1111 1111", "anna@gmail.com", 1_500, true, null, [1, 2], { a: 1 }, "x", ""].map(shapeWords),
  ).toEqual([
    "10 chars",
    "16 digits",
    "domain gmail.com",
    "4 digits",
    "yes or no",
    "nothing",
    "2 items",
    "1 field",
    "1 char",
    "0 chars",
  ]);
});

test("paths reach fields, indexes, every item, and any depth", () => {
  const payload = {
    customer: { email: "a@b.example", name: "Ann" },
    lines: [
      { note: "n1", sku: 1 },
      { note: "n2", sku: 2 },
    ],
    deep: [{ pan: "4111" }, { x: { pan: "4222" } }],
    "odd name": 1,
  };
  const paths = ["$.customer.email", "$.lines[*].note", "$.lines[1].sku", "$..pan", "$['odd name']"];
  expect(maskJson(payload, paths)).toEqual({
    customer: { email: { $masked: "domain b.example" }, name: "Ann" },
    lines: [
      { note: { $masked: "2 chars" }, sku: 1 },
      { note: { $masked: "2 chars" }, sku: { $masked: "1 digit" } },
    ],
    deep: [{ pan: { $masked: "4 digits" } }, { x: { pan: { $masked: "4 digits" } } }],
    "odd name": { $masked: "1 digit" },
  });
  expect(payload.customer.email).toBe("a@b.example");
});

test("a path to a mapping masks all of it, names too", () => {
  expect(maskJson({ people: { "anna@b.example": 1 } }, ["$.people"])).toEqual({ people: { $masked: "1 field" } });
  expect(maskedValues({ people: { x: ["Anna", { y: 12_345 }], z: true } }, ["$.people"])).toEqual(
    expect.arrayContaining(["Anna", "12345"]),
  );
});

test("a path that is none is known as such", () => {
  expect(["$.a.b", "$..a", "$.a[*].b", "$.*", "$['a b'][0]", "$"].every(isMaskingPath)).toBe(true);
  expect(["a.b", "$.", "$a", "$.a[", "$.a[x]", "$...a", "", "$.a b"].some(isMaskingPath)).toBe(false);
});

test("a masked value is found again in text, in any case and however escaped", () => {
  const secrets = ["Anna@b.example", 'say "hi"'];
  expect(textMasker(secrets)('for ANNA@B.EXAMPLE: {"t":"say \\"hi\\""} anna%40b.example')).toBe(
    'for [domain B.EXAMPLE]: {"t":"[10 chars]"} [16 chars]',
  );
});

test("headers, error, stack and attempt log lose what the payload masks; values of three characters stay", () => {
  const masker = maskerOf({ email: "anna@b.example", pin: "123", id: 998_877 }, ["$.email", "$.pin", "$.id"]);
  expect(masker.text("no such user anna@b.example (998877), pin 123")).toBe(
    "no such user [domain b.example] ([6 digits]), pin 123",
  );
  expect(masker.deep([{ error_message: "anna@b.example", duration_ms: 12, id: 998_877 }])).toEqual([
    { error_message: "[domain b.example]", duration_ms: 12, id: "[6 digits]" },
  ]);
});

test("a payload that is kept as text is masked by path, and whole when it is no JSON", () => {
  expect(maskerOf('{"pan":"4111111111111111"}', ["$.pan"]).payload).toEqual({ pan: { $masked: "16 digits" } });
  expect(maskerOf("pan=4111111111111111", ["$.pan"]).payload).toEqual({ $masked: "20 chars" });
  expect(maskerOf("pan=4111111111111111", []).payload).toBe("pan=4111111111111111");
  // Many outboxes write their JSON as a text of JSON.
  const twice = maskerOf(JSON.stringify('{"pan":"4111111111111111"}'), ["$.pan"]);
  expect([twice.payload, twice.text("no 4111111111111111")]).toEqual([{ pan: { $masked: "16 digits" } }, "no [16 digits]"]);
  expect(maskerOf(JSON.stringify("<pan>4111111111111111</pan>"), ["$.pan"]).payload).toEqual({ $masked: "27 chars" });
});

test("ten thousand levels do not overflow the stack", () => {
  let deep: unknown = { pan: "4111111111111111" };
  for (let i = 0; i < 10_000; i++) deep = i % 2 ? [deep] : { a: deep };
  let masked = maskJson(deep, ["$..pan", "$..a..pan"]) as Record<string, unknown>;
  for (let i = 0; i < 10_000; i++) masked = Object.values(masked)[0] as Record<string, unknown>;
  expect(masked).toEqual({ pan: { $masked: "16 digits" } });
  expect(maskedValues(deep, ["$..pan"])).toEqual(["4111111111111111"]);
});

test("no payload changes a prototype", () => {
  const payload = JSON.parse('{"__proto__": {"admin": true, "pan": "4111"}, "constructor": {"prototype": {"admin": true}}}');
  const masked = maskJson(payload, ["$..pan"]) as Record<string, unknown>;
  expect(JSON.stringify(masked)).toBe(
    '{"__proto__":{"admin":true,"pan":{"$masked":"4 digits"}},"constructor":{"prototype":{"admin":true}}}',
  );
  expect(({} as { admin?: boolean }).admin).toBeUndefined();
  expect((masked as { admin?: boolean }).admin).toBeUndefined();
});

test("a thousand secrets and more mask the whole text rather than take the server's time", () => {
  const masker = maskerOf({ all: Array.from({ length: 5_000 }, (_, i) => `secret-${i}`) }, ["$.all"]);
  expect(masker.text("secret-77 failed")).toBe("[16 chars]");
});

test("whatever the payload: nothing masked is left at its path, all else is as it was", () => {
  fc.assert(
    fc.property(fc.jsonValue(), fc.string({ minLength: 4, maxLength: 30 }), (other, secret) => {
      // A copy of the secret that stands elsewhere is masked as well, in whatever case: that is another promise.
      fc.pre(textMasker([secret])(JSON.stringify(other)) === JSON.stringify(other));
      const payload = { keep: other, hide: { here: secret }, list: [{ pan: secret }] };
      const masker = maskerOf(payload, ["$.hide.here", "$..list[*].pan"]);
      expect(masker.payload).toMatchObject({
        hide: { here: { $masked: shapeWords(secret) } },
        list: [{ pan: { $masked: shapeWords(secret) } }],
      });
      expect(JSON.stringify((masker.payload as { keep: unknown }).keep)).toBe(JSON.stringify(other));
      const { keep } = maskJson({ keep: other }, ["$.nothing"]) as { keep: unknown };
      expect(JSON.stringify(keep)).toBe(JSON.stringify(other));
    }),
  );
});

test("what is nested too deep to be sent is cut, and says how much there was; the rest stays", () => {
  const deep = JSON.parse(`{"a":1,"b":${"[".repeat(5_000)}${"]".repeat(5_000)}}`);
  const cut = withinDepth(deep) as { a: number };
  expect(cut.a).toBe(1);
  expect(JSON.stringify(cut)).toContain('{"$masked":"1 item, nested deeper than 200 levels"}');
  expect(withinDepth({ a: [1, { b: null }] })).toEqual({ a: [1, { b: null }] });
});

test("without a payload nobody knows what a text may say, so it says nothing where anything is masked", () => {
  expect(maskerOf(null, ["$.pan"]).text("card 4111")).toBe("[9 chars]");
  expect(maskerOf(null, ["$.pan"]).deep({ a: ["4111"] })).toEqual({ a: ["[4 digits]"] });
  expect(maskerOf(null, []).text("card 4111")).toBe("card 4111");
  expect(maskerOf("null", ["$.pan"]).text("card 4111")).toBe("card 4111");
});

test("T3: a long number is masked with all its digits wherever it stands: in text, a header, a log, other fields and names of fields", () => {
  const card = "6212345678901234567";
  const payload = `{"card": ${card}, "note": "paid by ${card}", "${card}": 1, "copy": [${card}], "amount": 1.10}`;
  const mask = maskerOf(payload, ["$.card"]);
  expect(mask.text(`card ${card} refused`)).toBe("card [19 digits] refused");
  expect(mask.headers(parseJson(`{"x-card": ${card}, "tries": 3}`))).toEqual({ "x-card": "[19 digits]", tries: 3 });
  expect(mask.deep([{ error_message: `no ${card}` }])).toEqual([{ error_message: "no [19 digits]" }]);
  const shown = JSON.stringify(mask.payload);
  expect(shown).not.toContain(card);
  expect(mask.payload).toMatchObject({
    card: { $masked: "19 digits" },
    note: "paid by [19 digits]",
    amount: { $number: "1.10" },
  });
});

test.each([
  ["6212345678901234567", "6212345678901235000"],
  ["6212345678901234567", "6212345678901234688"],
  ["6212345678901234567", "6.212345678901235e+18"],
  ["1234.50", "1234.5"],
])("T3: a masked number is found as a program writes it that reads numbers as doubles: %s as %s", (number, written) => {
  expect(maskerOf(`{"secret": ${number}}`, ["$.secret"]).text(`got ${written} here`)).not.toContain(written);
});

test.each(["6212 3456 7890 1234 567", "6212-3456-7890-1234-567", "6212\u00a03456\u00a07890\u00a01234\u00a0567"])(
  "S6: a number that people group is the same number: %s",
  (written) => {
    expect(maskerOf('{"card": "6212345678901234567"}', ["$.card"]).text(`card ${written} refused`)).toBe(
      "card [19 digits] refused".replace("[19 digits]", `[${shapeWords(written)}]`),
    );
    expect(maskerOf(JSON.stringify({ card: written }), ["$.card"]).text("card 6212345678901234567 refused")).toBe(
      "card [19 digits] refused",
    );
  },
);

test("S6: a list at the root is as many messages, and headers that let somebody in are masked without a contract", () => {
  expect(JSON.stringify(maskerOf('[{"card":"4111111111111111"},{"card":"4222222222222222"}]', ["$.card"]).payload)).not.toMatch(
    /4[12]{15}/,
  );
  expect(maskerOf("{}", []).headers({ authorization: "Bearer abc", Cookie: "s=1", "x-api-key": "k", traceparent: "t" })).toEqual({
    authorization: { $masked: "10 chars" },
    Cookie: { $masked: "3 chars" },
    "x-api-key": { $masked: "1 char" },
    traceparent: "t",
  });
});

test("S18: a thousand masked values with one beginning are masked like one, whatever their length", () => {
  const values = Array.from({ length: 999 }, (_, i) => `customer-${"x".repeat(120)}-${i}`);
  const { text } = maskerOf(JSON.stringify({ items: values.map((secret) => ({ secret })) }), ["$.items[*].secret"]);
  expect(text(`no stock for ${values[7]!.toUpperCase()}, nor for ${values[998]}.`)).toBe(
    "no stock for [131 chars], nor for [133 chars].",
  );
  expect(text(`customer-${"x".repeat(120)}`)).toBe(`customer-${"x".repeat(120)}`);
});

test("whatever is masked, nothing of it is left in whatever text, and a text without it stays as it is", () => {
  const word = fc.string({ unit: fc.constantFrom("a", "b", "A", "1", "-", " ", "é", "İ", "😀"), minLength: 4, maxLength: 12 });
  fc.assert(
    fc.property(
      fc.array(word, { minLength: 1, maxLength: 20 }),
      fc.array(fc.oneof(word, fc.constantFrom("a", "-", "b"))),
      (secrets, parts) => {
        const text = [...parts, ...secrets].join("");
        const masked = textMasker(secrets)(text).replace(/\[[^\]]*\]/g, "\u0000");
        for (const secret of secrets) expect(masked.toLowerCase()).not.toContain(secret.toLowerCase());
        const without = text.replace(/[^-]/g, "z");
        expect(textMasker(secrets.filter((one) => /[^- ]/.test(one)))(without)).toBe(without);
      },
    ),
  );
});

test("S6: where no payload tells what is masked, what looks like a name of code or an id stays, and everything else is its shape", () => {
  for (const name of [
    "",
    "StockError",
    "java.lang.IllegalStateException",
    "pg.Error<23505>",
    "ORD-1",
    "a906d855-513c-454d-bca2-751d3133a2da",
    "12345",
  ])
    expect(nameOrShape(name)).toBe(name);
  const shapes = [
    "anna@private.example",
    "about Anna Smith",
    "4111111111111111",
    "4111-1111-1111-1111",
    "Smith, Anna",
    "x".repeat(201),
  ].map(nameOrShape);
  expect(shapes).toEqual(["[domain private.example]", "[16 chars]", "[16 digits]", "[16 digits]", "[11 chars]", "[201 chars]"]);
});
