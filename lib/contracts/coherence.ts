import { quoted } from "./found-words";
import type { Path } from "./path.rules";
import type { ContractInput } from "./shape";
import { durationMs } from "./values";

/** A contradiction inside one contract that no single value shows. */
export type Contradiction = { path: Path; message: string; atKey?: boolean };

/** What one part of a contract says against another. */
export function contradictions(input: ContractInput): Contradiction[] {
  return [...ruleContradictions(input), ...sagaContradictions(input), ...otherContradictions(input)];
}

function ruleContradictions(input: ContractInput): Contradiction[] {
  const found: Contradiction[] = [];
  const names = new Set<string>();
  (input.recovery?.reconciliation ?? []).forEach((rule, i) => {
    const path = ["recovery", "reconciliation", i];
    const add = (at: Path, message: string) =>
      found.push({ path: [...path, ...at], message, atKey: at[0] === "map" || at[0] === "tolerance" });
    if (names.has(rule.rule)) add(["rule"], `Expected each rule's name once, found ${quoted(rule.rule)} twice.`);
    names.add(rule.rule);
    const { authority, projection, map = {}, tolerance = {} } = rule;
    for (const column of Object.keys(map))
      if (!authority.columns.includes(column))
        add(["map", column], `Expected one of authority's columns, found ${quoted(column)}.`);
    for (const column of Object.keys(tolerance))
      if (!authority.columns.includes(column))
        add(["tolerance", column], `Expected one of authority's columns, found ${quoted(column)}.`);
    for (const column of authority.columns) {
      const other = Object.hasOwn(map, column) ? map[column]! : column;
      if (!projection.columns.includes(other))
        add(
          ["projection", "columns"],
          `Expected the projection's column for ${quoted(column)}, found no ${quoted(other)}; name it here or in map.`,
        );
    }
  });
  return found;
}

function sagaContradictions(input: ContractInput): Contradiction[] {
  return Object.entries(input.recovery?.sagas ?? {}).flatMap(([sagaType, saga]) => {
    const names = saga.steps.map((step) => step.step);
    return names.flatMap((name, i) =>
      names.indexOf(name) === i
        ? []
        : [
            {
              path: ["recovery", "sagas", sagaType, "steps", i, "step"],
              message: `Expected each step's name once, found ${quoted(name)} twice.`,
            },
          ],
    );
  });
}

function otherContradictions(input: ContractInput): Contradiction[] {
  const found: Contradiction[] = [];
  const retry = input.recovery?.retry;
  if (retry?.first && retry.max && durationMs(retry.max)! < durationMs(retry.first)!)
    found.push({
      path: ["recovery", "retry", "max"],
      message: `Expected max to be first (${retry.first}) at least, found ${quoted(retry.max)}.`,
    });
  (input.accountability.alerts ?? []).forEach((alert, i) => {
    if (/^\s*budget_/.test(alert.when) && !input.expectation.slo)
      found.push({
        path: ["accountability", "alerts", i, "when"],
        message: "Expected expectation.slo, since a budget follows from it, found none.",
      });
  });
  return found;
}
