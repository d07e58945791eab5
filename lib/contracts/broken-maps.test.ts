import { expect, test } from "vitest";
import { parseAccord } from "./input";

const map = `version: 1
environment: test
sources:
  app:
    service: app
    preset: generic
    url: postgres://reader:secret@db/app
    outbox:
      from: app.outgoing o
      id: o.id
      type: o.kind
      occurred: o.at
      published: o.sent
    inbox:
      from: app.handled h
      consumer: h.who
      id: h.id
    dead_letters:
      from: app.failed t
      parked: t.state = 9
      done: t.state = 3
      absent: done
      id: t.id
      consumer: t.queue
      type: t.kind
      error: { type: t.name, message: t.why }
      attempts: t.tries
      retry: update app.failed set state = 1 where id = :id and state = 9
      discard: delete from app.failed where id = :id and state = 9
      outcome: { applied: t.state = 3, failed: t.state = 9 }
    sagas:
      from: app.process p
      id: p.id
      type: p.kind
      state: p.state
    steps:
      from: app.step s
      saga: s.process
      position: s.no
      name: s.name
      state: s.state
    held:
      from: app.early e
      consumer: e.who
      id: e.id
      type: e.kind
`;

const problems = (text: string) => {
  const parsed = parseAccord(text, "accord.yaml", {});
  return parsed.ok ? [] : parsed.problems.map(({ line, column, message }) => `${line}:${column} ${message}`);
};

test("the map itself is whole", () => {
  expect(problems(map)).toEqual([]);
});

type Broken = [what: string, from: string, to: string, at: string, words: string];
const broken: Broken[] = [
  [
    "a kind without its table",
    "      from: app.failed t\n",
    "",
    "18:5",
    "from is missing: expected the table, with an alias, such as app.job t.",
  ],
  [
    "letters that nobody knows to be parked",
    "      parked: t.state = 9\n",
    "",
    "18:5",
    "parked is missing: expected a condition over the row such as t.state = 9.",
  ],
  [
    "letters without an id",
    "      id: t.id\n",
    "",
    "18:5",
    "id is missing: expected a column or an SQL expression that gives the id of dead_letters.",
  ],
  ["letters without a consumer", "      consumer: t.queue\n", "", "18:5", "consumer is missing"],
  ["letters without a type", "      type: t.kind\n", "", "18:5", "type is missing"],
  ["an outbox without an id", "      id: o.id\n", "", "8:5", "id is missing"],
  ["an outbox without a type", "      type: o.kind\n", "", "8:5", "type is missing"],
  ["an inbox without a consumer", "      consumer: h.who\n", "", "14:5", "consumer is missing"],
  ["an inbox without an id", "      id: h.id\n", "", "14:5", "id is missing"],
  ["a saga without a state", "      state: p.state\n", "", "31:5", "state is missing"],
  ["a saga without a type", "      type: p.kind\n", "", "31:5", "type is missing"],
  ["a step without its saga", "      saga: s.process\n", "", "36:5", "saga is missing"],
  ["a step without a place", "      position: s.no\n", "", "36:5", "position is missing"],
  ["a step without a name", "      name: s.name\n", "", "36:5", "name is missing"],
  ["a held message without a type", "      type: e.kind\n", "", "42:5", "type is missing"],
  ["an unknown kind", "    held:", "    hold:", "42:5", 'did you mean "held"?'],
  ["an unknown field of letters", "      parked: t.state = 9", "      parkd: t.state = 9", "20:7", 'did you mean "parked"?'],
  ["an unknown field of an outbox", "      published: o.sent", "      publised: o.sent", "13:7", 'did you mean "published"?'],
  ["an unknown part of an error", "message: t.why", "massage: t.why", "26:30", 'did you mean "message"?'],
  ["an unknown word of an outcome", "failed: t.state = 9 }", "broken: t.state = 9 }", "30:", "applied, duplicate, failed, taken"],
  ["an absence that means nothing", "absent: done", "absent: gone", "22:15", "Expected done, lost or deleted by retention"],
  ["a unit of time that is none", "      attempts: t.tries", "      epoch: days", "27:14", "Expected s, ms, us or ns"],
  ["an empty condition", "parked: t.state = 9", 'parked: ""', "20:15", "is empty"],
  ["a condition that is a number", "parked: t.state = 9", "parked: 9", "20:15", "Expected a column, a column with a JSON path"],
  [
    "a list where an expression stands",
    "consumer: t.queue",
    "consumer: [t.queue]",
    "24:17",
    "Expected a column, a column with a JSON path",
  ],
  ["a key of one column in a list", "id: t.id", "id: [t.id]", "23:11", "Expected a column, or a list of those that make the key"],
  [
    "a key of five columns",
    "id: t.id",
    "id: [a, b, c, d, e]",
    "23:11",
    "Expected a column, or a list of those that make the key",
  ],
  [
    "a semicolon",
    "done: t.state = 3",
    "done: t.state = 3; drop table app.failed",
    "21:13",
    "has a ; in it, which would end the statement",
  ],
  ["a comment of one line", "done: t.state = 3", 'done: "t.state = 3 -- done"', "21:13", "has a comment in it"],
  ["a comment between", "done: t.state = 3", 'done: "t.state /* s */ = 3"', "21:13", "has a comment in it"],
  ["a quote that is open", "type: t.kind", `type: "t.kind || 'x"`, "25:13", "has a quote that is not closed"],
  ["a name in open quotes", "type: t.kind", `type: 't."kind'`, "25:13", "has a quote that is not closed"],
  ["a bracket that is open", "done: t.state = 3", "done: (t.state = 3", "21:13", "has a bracket that is not closed"],
  ["a bracket that was not opened", "done: t.state = 3", "done: t.state = 3)", "21:13", "closes a bracket that was not opened"],
  ["an index that is open", "done: t.state = 3", 'done: "t.list[1 = 3"', "21:13", "has a bracket that is not closed"],
  [
    "a character that PostgreSQL does not take",
    "done: t.state = 3",
    'done: "t.state = 3\\0"',
    "21:13",
    "has a character that PostgreSQL does not take",
  ],
  ["a from that is a query", "from: app.failed t", 'from: "(select 1) t"', "19:13", "does not begin with the name of a table"],
  [
    "a from that is ordered",
    "from: app.failed t",
    "from: app.failed t order by t.id",
    "19:13",
    "orders, groups or limits its rows",
  ],
  ["a from that is limited", "from: app.failed t", "from: app.failed t limit 10", "19:13", "orders, groups or limits its rows"],
  [
    "a from that is grouped",
    "from: app.failed t",
    "from: app.failed t group by t.id",
    "19:13",
    "orders, groups or limits its rows",
  ],
  [
    "a from with a where of nothing",
    "from: app.failed t",
    'from: "app.failed t where "',
    "19:13",
    "does not begin with the name of a table",
  ],
  ["a from that is a number", "from: app.failed t", "from: 7", "19:13", "Expected a table with an alias such as app.job t"],
  [
    "a retry that names no row",
    "where id = :id and state = 9\n      discard",
    "where state = 9\n      discard",
    "28:14",
    "Expected :id in the statement, which names the one row that it is for.",
  ],
  [
    "a discard that names no row",
    "delete from app.failed where id = :id and",
    "delete from app.failed where",
    "29:16",
    "Expected :id in the statement",
  ],
  [
    "a retry of a parameter that nobody gives",
    "set state = 1 where",
    "set state = :state where",
    "28:14",
    "Expected only :id and :consumer as parameters, found :state.",
  ],
  [
    "a part of a key that has no parts",
    "where id = :id and state = 9\n      discard",
    "where id = :id1 and state = 9\n      discard",
    "28:14",
    "found :id1",
  ],
  ["a retry that is no statement", "retry: update", "retry: please update", "28:14", "begins otherwise"],
  [
    "two statements in a retry",
    "retry: update app.failed set state = 1",
    "retry: update app.failed set x = 1; update app.failed set state = 1",
    "28:14",
    "has a ; in it",
  ],
  [
    "an outcome that is no select",
    "outcome: { applied: t.state = 3, failed: t.state = 9 }",
    "outcome: update app.failed set state = 1 where id = :id",
    "30:16",
    "Expected a select of one of the words over :id, and this begins otherwise",
  ],
  [
    "an outcome that names no row",
    "outcome: { applied: t.state = 3, failed: t.state = 9 }",
    "outcome: select 'applied' from app.failed",
    "30:16",
    "Expected :id in the statement",
  ],
  [
    "a key of two columns that is named as one",
    "id: t.id",
    "id: [t.queue, t.id]",
    "28:14",
    "Expected only :id1, :id2 and :consumer as parameters, found :id.",
  ],
  [
    "a retry where nobody acts",
    "    preset: generic",
    "    preset: generic\n    act: false",
    "29:14",
    "Expected no retry where act is false",
  ],
  ["a preset that takes no map", "preset: generic", "preset: native", "19:7", "Expected no dead_letters beside preset native"],
  ["business tables with a map", "preset: generic", "preset: tables", "19:7", "Expected no dead_letters beside preset tables"],
  [
    "an error that is a list",
    "error: { type: t.name, message: t.why }",
    "error: [t.name]",
    "26:14",
    "Expected an expression of the error's message",
  ],
  [
    "letters that are a text",
    "    dead_letters:\n      from: app.failed t",
    "    dead_letters: app.failed\n    x:\n      from: app.failed t",
    "18:19",
    "Expected dead letters as a mapping",
  ],
];

test.each(broken)("%s", (_, from, to, at, words) => {
  expect(map, "the test's own words").toContain(from);
  const said = problems(map.replace(from, to));
  expect(
    said.filter((line) => line.startsWith(at) && line.includes(words)),
    said.join("\n"),
  ).not.toHaveLength(0);
  expect(said.join("\n")).not.toContain("secret");
});

test("preset generic with nothing mapped is told what it may map", () => {
  expect(problems(map.slice(0, map.indexOf("    outbox:")))).toEqual([
    "6:13 Expected one of dead_letters, outbox, inbox, held, sagas and steps beside preset generic, found none: it reads what is mapped.",
  ]);
});

test("what a framework's preset gives need not be said again, and what is said takes its place", () => {
  const own = map.slice(0, map.indexOf("    outbox:")).replace("generic", "pg-boss");
  expect(problems(`${own}    dead_letters: { key: "t.data $.orderId" }\n`)).toEqual([]);
  expect(problems(`${own}    sagas: { from: app.process p }\n`)[0]).toMatch(/^8:5 id is missing/);
});
