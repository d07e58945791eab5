import { expect, test } from "vitest";
import { expressionOf, fromOf, parametersOf, sqlProblem, withPlaces } from "./fragment.rules";

test("a from is taken apart at its own where, not at one in quotes, brackets or a name", () => {
  expect(fromOf("app.job t join app.kind k on k.id = t.kind where t.state = 1 or t.state = 2")).toEqual({
    tables: "app.job t join app.kind k on k.id = t.kind",
    where: "t.state = 1 or t.state = 2",
    relation: "app.job",
    alias: "t",
  });
  expect(fromOf(`"Große Liste"."where" as "W" where "W".x = ' where '`)).toMatchObject({
    alias: '"W"',
    where: `"W".x = ' where '`,
  });
  expect(fromOf("app.job join (select 1 where true) x on true")).toMatchObject({ alias: "job", where: null });
  expect(fromOf("elsewhere")).toMatchObject({ relation: "elsewhere", alias: "elsewhere", where: null });
  expect(fromOf("app.job t where t.a order by 1")).toBeNull();
});

test("parameters are what stands in code: casts, times and texts keep their colons", () => {
  const text = `update t set a = ':id', b = "x:id", c = '10:30'::time where id = :id::bigint and c = :consumer`;
  expect(parametersOf(text)).toEqual(["id", "consumer"]);
  expect(withPlaces(text, (name) => (name === "id" ? "$1" : "$2"))).toBe(
    `update t set a = ':id', b = "x:id", c = '10:30'::time where id = $1::bigint and c = $2`,
  );
  expect(parametersOf("select $tag$ :id $tag$, :id1")).toEqual(["id1"]);
});

test("what would end our statement, hide the rest of it or need a value is refused; the same in quotes is not", () => {
  expect(sqlProblem("a; drop table b")).toContain(";");
  expect(sqlProblem("a -- b")).toContain("comment");
  expect(sqlProblem("$1::text")).toContain("numbered parameter");
  expect(sqlProblem("a = 'it''s; -- /* $1'")).toBeNull();
  expect(sqlProblem("$body$ ; -- $body$")).toBeNull();
  expect(sqlProblem("'a' || 'b")).toContain("quote");
});

test("a column with a path is the text that stands there", () => {
  expect(expressionOf("t.data $.order.lines[0].id")).toBe("((t.data)::jsonb #>> '{order,lines,0,id}')");
  expect(expressionOf("t.data->>'$.x'")).toBe("(t.data->>'$.x')");
});
