import { execFileSync } from "node:child_process";
import { mkdir, symlink } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, expect, test } from "vitest";
import { checkFiles } from "./check";
import { loadConfiguration } from "./files";
import { accordText, contractText, environment, testFiles } from "./testing";

const good = { "accord.yaml": accordText, "contracts/order-commitment.yaml": contractText };
const folders: { remove: () => Promise<void> }[] = [];

async function load(files: Record<string, string | Uint8Array>, env: Record<string, string> = environment) {
  const made = await testFiles(files);
  folders.push(made);
  return { ...made, loaded: await loadConfiguration(made.path, env) };
}

async function problems(files: Record<string, string | Uint8Array>) {
  const { loaded } = await load(files);
  return loaded.ok ? [] : loaded.problems.map(({ file, line, column, message }) => `${file}:${line}:${column} ${message}`);
}

afterEach(async () => {
  for (const folder of folders.splice(0)) await folder.remove();
});

test("good files load without a word, and the text of a contract is its source", async () => {
  const { loaded } = await load(good);
  expect(loaded).toMatchObject({
    ok: true,
    warnings: [],
    configuration: {
      environment: "test",
      sources: [{ sourceId: "orders", url: environment.ORDERS_URL }, { sourceId: "payments" }],
      contracts: [{ file: "contracts/order-commitment.yaml", yaml: contractText, contract: { zoneId: "order-commitment" } }],
    },
  });
});

test("the same content has the same hash wherever it lies; a password does not count, a contract's comment does", async () => {
  const hash = async (files: Record<string, string>, env = environment) => {
    const { loaded } = await load(files, env);
    return loaded.ok ? loaded.configuration.contentHash : null;
  };
  const first = await hash(good);
  expect(first).toMatch(/^[0-9a-f]{64}$/);
  expect(await hash(good, { ORDERS_URL: "postgres://observer:another@orders/db" })).toBe(first);
  expect(await hash({ ...good, "contracts/order-commitment.yaml": `${contractText}# note\n` })).not.toBe(first);
  expect(await hash({ ...good, "accord.yaml": accordText.replace("act: false", "act: true") })).not.toBe(first);
});

test("one broken contract among good ones, and there is no configuration", async () => {
  expect(await problems({ ...good, "contracts/z.yaml": "zone: [" })).toEqual([
    expect.stringMatching(/^contracts\/z\.yaml:1:\d+ Expected /),
  ]);
});

test("two contracts are held against each other, and the later file is named", async () => {
  const found = await problems({ ...good, "contracts/z.yml": contractText });
  expect(found).toContain('contracts/z.yml:2:7 Expected one contract for the zone "order-commitment", found a second one.');
});

test.each([
  ["no accord.yaml", {}, "accord.yaml:1:1 Expected a file, found none."],
  [
    "no folder of contracts",
    { "accord.yaml": accordText },
    "accord.yaml:13:12 Expected the folder of the contracts, found none that can be read.",
  ],
  [
    "a folder without contracts",
    { "accord.yaml": accordText, "contracts/readme.md": "" },
    "accord.yaml:13:12 Expected one contract (*.yaml) at least in the folder of the contracts, found none.",
  ],
  [
    "an empty contract",
    { ...good, "contracts/z.yaml": "" },
    "contracts/z.yaml:1:1 Expected a mapping with version, zone, title, promise, expectation and accountability, found nothing.",
  ],
  [
    "a contract of over a megabyte",
    { ...good, "contracts/z.yaml": "#".repeat(1_000_001) },
    "contracts/z.yaml:1:1 Expected at most 1000000 bytes, found 1000001.",
  ],
  [
    "a contract in Latin-1",
    { ...good, "contracts/z.yaml": Buffer.from("version: 1\ntitle: caf\xe9\n", "latin1") },
    "contracts/z.yaml:2:11 Expected text in UTF-8, found a byte that is none.",
  ],
  [
    "a contract in UTF-16",
    { ...good, "contracts/z.yaml": Buffer.from("\ufeffversion: 1\n", "utf16le") },
    "contracts/z.yaml:1:1 Expected text in UTF-8, found a byte that is none.",
  ],
  [
    "a contract that breaks off inside a character",
    { ...good, "contracts/z.yaml": Buffer.from([0x61, 0x3a, 0x20, 0xe2, 0x82]) },
    "contracts/z.yaml:1:4 Expected text in UTF-8, found a byte that is none.",
  ],
])("%s is refused with a place", async (_, files, words) => {
  expect(await problems(files)).toEqual([words]);
});

test("a folder and a pipe with a contract's name are refused, and not waited for", async () => {
  const { path, folder } = await load(good);
  await mkdir(join(folder, "contracts/folder.yaml"));
  execFileSync("mkfifo", [join(folder, "contracts/pipe.yaml")]);
  const loaded = await loadConfiguration(path, environment);
  expect(loaded).toMatchObject({
    ok: false,
    problems: [{ file: "contracts/folder.yaml", message: "Expected a file, found none." }, { file: "contracts/pipe.yaml" }],
  });
});

test("a mounted folder, whose files are links beside a hidden folder, loads", async () => {
  const { path, folder } = await load({ "accord.yaml": accordText, "contracts/..data/a.yaml": contractText });
  await symlink("..data/a.yaml", join(folder, "contracts/a.yaml"));
  expect(await loadConfiguration(path, environment)).toMatchObject({ ok: true });
});

test("an event's schema is read from the file beside the contract, and counts as the contract's own text", async () => {
  const named = contractText.replace("schema: 2 }", "schema: 2, schema_ref: schemas/order-submitted.json }");
  const hashOf = async (schema: string) => {
    const { loaded } = await load({
      ...good,
      "contracts/order-commitment.yaml": named,
      "contracts/schemas/order-submitted.json": schema,
    });
    if (!loaded.ok) throw new Error(JSON.stringify(loaded.problems));
    const [{ contract, contentHash }] = loaded.configuration.contracts as [(typeof loaded.configuration.contracts)[0]];
    return { event: contract.semantics.events[0], contentHash };
  };
  const schema = '{\n\t"type": "object",\n\t"required": ["orderId"]\n}\n';
  const first = await hashOf(schema);
  expect(first.event).toMatchObject({
    schemaRef: "schemas/order-submitted.json",
    payloadSchema: { type: "object", required: ["orderId"] },
  });
  expect((await hashOf(schema.replace("orderId", "order_id"))).contentHash).not.toBe(first.contentHash);
});

test.each([
  [
    "is missing",
    null,
    ["contracts/order-commitment.yaml:17:122 Expected a file with a JSON Schema, found none: contracts/order.json."],
  ],
  ["is no JSON", '{\n  "type" "object"\n}', ["contracts/order.json:2:10 "]],
  [
    "is no schema",
    '{\n  "type": "object",\n  "properties": { "qty": { "type": "integr" } }\n}',
    ["contracts/order.json:3:36 Expected a JSON Schema: this must be equal to one of the allowed values."],
  ],
  [
    "leans on another",
    '{ "$ref": "https://example.com/other.json" }',
    [
      "contracts/order.json:1:1 Expected a JSON Schema that stands alone: can't resolve reference https://example.com/other.json from id #.",
    ],
  ],
  [
    "is of an older draft",
    '{ "$schema": "http://json-schema.org/draft-04/schema#" }',
    ["contracts/order.json:1:14 Expected a JSON Schema of draft 2020-12 or draft-07, found another."],
  ],
])("a schema's file that %s is refused with file and line", async (_, schema, words) => {
  const named = contractText.replace("schema: 2 }", "schema: 2, schema_ref: order.json }");
  const files = { ...good, "contracts/order-commitment.yaml": named, ...(schema !== null && { "contracts/order.json": schema }) };
  const found = await problems(files);
  expect(found).toHaveLength(words.length);
  for (const [i, start] of words.entries()) expect(found[i]!.startsWith(start), found[i]).toBe(true);
});

test("a schema's file never leads out of the contract's folder", async () => {
  for (const ref of ["../secret.json", "/etc/secret.json", "a/../../secret.json", "order.yaml"])
    expect(
      await problems({
        ...good,
        "contracts/order-commitment.yaml": contractText.replace("schema: 2 }", `schema: 2, schema_ref: ${ref} }`),
      }),
    ).toEqual([expect.stringContaining("Expected a file with the payload's JSON Schema beside the contract")]);
});

test("C8: tls and ca of a source go into both its addresses; what cannot be kept is a problem at its place", async () => {
  const withTls = (more: string) => ({
    ...good,
    "accord.yaml": accordText.replace("    observe_every: 2s\n", `    observe_every: 2s\n${more}`),
    "ca.pem": "a certificate",
  });
  const { loaded, folder } = await load(withTls("    tls: verify-full\n    ca: ./ca.pem\n"));
  const address = `${environment.ORDERS_URL}?sslmode=verify-full&sslrootcert=${encodeURIComponent(join(folder, "ca.pem"))}`;
  expect(loaded).toMatchObject({ ok: true, configuration: { sources: [{ url: address, actUrl: address }, {}] } });
  expect(await problems(withTls("    tls: sometimes\n"))).toEqual([expect.stringContaining("require, verify-ca or verify-full")]);
  expect(await problems(withTls("    tls: verify-ca\n"))).toEqual([
    expect.stringMatching(/^accord.yaml:9:10 .*authority's certificate/),
  ]);
  expect(await problems(withTls("    tls: verify-full\n    ca: ./nowhere.pem\n"))).toEqual([
    expect.stringMatching(/^accord.yaml:10:9 The file that sslrootcert names cannot be read/),
  ]);
  const { loaded: unsaid } = await load(good, { ORDERS_URL: `${environment.ORDERS_URL}?sslmode=prefer` });
  expect(unsaid).toMatchObject({ ok: false, problems: [{ message: expect.stringContaining("does not say whether") }] });
});

test("the check prints a line per problem with its place and ends 1 on errors, 0 on warnings", async () => {
  const broken = await load({ ...good, "contracts/order-commitment.yaml": contractText.replace("window: 10m", "window: soon") });
  const failed = await checkFiles(broken.path, environment);
  expect(failed.exitCode).toBe(1);
  expect(failed.lines).toEqual([
    expect.stringMatching(/^.*contracts\/order-commitment\.yaml:10:11 Expected the time within/),
    "1 error, 0 warnings.",
  ]);

  const weak = await load({ ...good, "contracts/order-commitment.yaml": contractText.replace("deadline: 7m", "deadline: 11m") });
  const passed = await checkFiles(weak.path, environment);
  expect(passed.exitCode).toBe(0);
  expect(passed.lines[0]).toMatch(/:28:17 warning: The deadline/);
  expect(passed.lines.at(-1)).toBe("2 sources, 1 contract: 0 errors, 4 warnings.");
});

test("the check says what a contract asks for and Accord does not do yet, each at its place; it makes no contract weaker", async () => {
  const { path, loaded } = await load(good);
  expect(loaded).toMatchObject({ ok: true, warnings: [] });
  expect((await checkFiles(path, environment)).lines.map((line) => line.replace(/^.*\.yaml:/, ""))).toEqual([
    "38:7 warning: Not in force yet, repair: of payment-agrees a person decides.",
    "43:30 warning: Not in force yet, escalation: nobody is called, and accord.yaml has no channel.",
    "44:3 warning: Not in force yet, alerts: they are raised and shown, nobody is told, and accord.yaml has no channel.",
    "2 sources, 1 contract: 0 errors, 3 warnings.",
  ]);
  const silent = contractText
    .replace(/ {2}slo:.*\n/, "")
    .replace(/ {2}on_call:.*\n/, "")
    .replace(/ {2}alerts:\n.*\n.*\n/, "")
    .replace("repair: auto", "repair: case");
  const plain = await load({ ...good, "contracts/order-commitment.yaml": silent });
  expect((await checkFiles(plain.path, environment)).lines).toEqual(["2 sources, 1 contract: 0 errors, 0 warnings."]);
});
