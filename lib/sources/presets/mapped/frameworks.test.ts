import { randomUUID } from "node:crypto";
import pg from "pg";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { testDatabase } from "../../../db/testing";
import { mapped } from "../../../presets/all.rules";
import { abilitiesIn, frameworkOf, placeOf } from "../../../presets/known.rules";
import { REFUSED } from "../../redeliverable";
import { sourceRegistry } from "../../registry";
import type { Source } from "../../source";
import { type Fixture, fixtures } from "./frameworks.testing";

test("every variant of every framework has a fixture", () => {
  const known = mapped.flatMap(({ name, variants }) => variants.map((variant) => `${name}: ${variant.name}`));
  const held = new Set(fixtures.map(({ preset, variant }) => `${preset}: ${variant}`));
  expect(known.filter((one) => !held.has(one))).toEqual([]);
});

describe.each(fixtures)("$preset, $variant", (fixture: Fixture) => {
  const roles = { observer: `fw_observer_${randomUUID().slice(0, 8)}`, actor: `fw_actor_${randomUUID().slice(0, 8)}` };
  const framework = frameworkOf(fixture.preset)!;
  const place = placeOf(framework.schema, "UTC");
  let database: Awaited<ReturnType<typeof testDatabase>>;
  let owner: pg.Client;
  let source: Source;
  const registry = sourceRegistry();
  const grants = () => framework.variants.find(({ name }) => name === fixture.variant)!.grants(place);
  const as = (user: string) => Object.assign(new URL(database.url), { username: user, password: "secret" }).href;

  const at = { preset: fixture.preset, schema: framework.schema, timeZone: "UTC", map: {} };
  const config = () => ({
    ...at,
    ...{ sourceId: "app", service: "app", consumers: [], observeEveryMs: 2_000 },
    ...{ url: as(roles.observer), actUrl: as(roles.actor), act: grants().actor.length > 0, abilities: abilitiesIn(at) },
  });

  beforeAll(async () => {
    database = await testDatabase("framework");
    owner = new pg.Client({ connectionString: database.url });
    await owner.connect();
    await fixture.make(database.url);
    await owner.query(fixture.rows);
    for (const [side, role] of Object.entries(roles)) {
      await owner.query(`create role ${role} login password 'secret'`);
      for (const grant of grants()[side as keyof typeof roles]) await owner.query(grant.replaceAll("ROLE", role));
    }
    source = registry.open(config());
  });
  afterAll(async () => {
    await registry.close();
    for (const role of Object.values(roles)) await owner.query(`drop owned by ${role}; drop role ${role}`);
    await owner.end();
    await database.drop();
  });

  test("its tables are recognised, and with the printed grants alone every row means what the framework means by it", async () => {
    const poll = await source.poll(null, 100);
    expect(poll.variant).toBe(fixture.variant);
    const letters = poll.deadLetters.sort((a, b) => (a.sourceDeadLetterId < b.sourceDeadLetterId ? -1 : 1));
    expect(letters).toMatchObject(
      fixture.letters.map(({ id, consumer, type, attempts }) => ({
        ...{ sourceDeadLetterId: id, consumer, eventType: type, state: "parked" },
        ...(attempts === undefined ? {} : { attempts }),
      })),
    );
    for (const { id, error } of fixture.letters.filter((one) => one.error !== undefined)) {
      const found = letters.find(({ sourceDeadLetterId }) => sourceDeadLetterId === id)!;
      expect(`${found.errorType}: ${found.errorMessage}`).toBe(error);
    }
    const waiting = poll.outbox.filter(({ publishedAt }) => publishedAt === null).length;
    if (fixture.waitingSql) expect(waiting).toBe((await owner.query(fixture.waitingSql)).rows[0].n);
    expect(Object.fromEntries(poll.sagas.map(({ sagaId, state }) => [sagaId, state]))).toEqual(fixture.sagas ?? {});
    expect(poll.unreadableN).toBe(0);
  });

  if (fixture.retry)
    test("a retry changes its one row, a second one none, and the printed grants are enough", async () => {
      const { id, asked } = fixture.retry!;
      const letter = (await source.poll(null, 100)).deadLetters.find(({ sourceDeadLetterId }) => sourceDeadLetterId === id)!;
      const request = {
        redeliveryId: randomUUID(),
        sourceDeadLetterId: id,
        consumer: letter.consumer,
        messageId: letter.messageId,
        requestedBy: "Jo",
        mark: letter.mark!,
        edit: null,
      };
      for (const grant of grants().actor.filter((one) => one.startsWith("grant update"))) {
        await owner.query(grant.replace(/^grant/, "revoke").replace(/ to ROLE$/, ` from ${roles.actor}`));
        await expect(source.redeliverable!.redeliver([request], false)).rejects.toThrow(
          /lacks a right \(permission denied for table /,
        );
        await owner.query(grant.replaceAll("ROLE", roles.actor));
      }
      expect(await source.redeliverable!.redeliver([request], false)).toMatchObject([{ state: "waiting" }]);
      expect((await owner.query(asked)).rows).toEqual([{ yes: true }]);
      const [after] = await source.redeliverable!.redeliver([request], true);
      expect(["waiting", "taken"]).toContain(after!.state);
    });

  if (fixture.refused)
    test("what its own statement leaves alone is told as such, and stays as it was", async () => {
      const letters = (await source.poll(null, 100)).deadLetters;
      for (const id of fixture.refused!) {
        const letter = letters.find(({ sourceDeadLetterId }) => sourceDeadLetterId === id)!;
        const request = {
          redeliveryId: randomUUID(),
          sourceDeadLetterId: id,
          consumer: letter.consumer,
          messageId: letter.messageId,
          requestedBy: "Jo",
          mark: letter.mark!,
          edit: null,
        };
        expect(await source.redeliverable!.redeliver([request], false)).toMatchObject([{ state: "stale", errorType: REFUSED }]);
      }
    });

  test("each grant that is missing has its own sentence", async () => {
    for (const grant of grants().observer.filter((one) => one.includes("select"))) {
      const revoke = grant.replace(/^grant/, "revoke").replace(/ to ROLE$/, ` from ${roles.observer}`);
      await owner.query(revoke);
      // What the process knew of the tables before must not help it.
      const anew = sourceRegistry();
      const failure = await anew
        .open(config())
        .poll(null, 100)
        .catch((error: unknown) => error);
      await anew.close();
      expect(String(failure)).toMatch(/lacks a right \(permission denied for (table|view) /);
      await owner.query(grant.replaceAll("ROLE", roles.observer));
    }
  });
});
