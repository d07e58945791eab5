import path from "node:path";
import { importsOf, isTest } from "./layers.testing";

/** What a unit of lib is called in the order: a folder, or one of the two files at the root that know the store. */
export const rows = [
  // The machine: ports, locks, secrets; then how processes start and end. Both know nothing of the product.
  ["platform", "live"],
  ["launch"],
  ["db"],
  ["context"],
  // Open facts and verdicts know the store and nothing else, so the audit can say how a zone is doing beside its entries.
  ["facts"],
  ["verdicts"],
  ["audit"],
  ["tokens"],
  ["operators"],
  ["approvals"],
  // What frameworks' tables say, as plain data: the linter, the registry and the screens read it.
  ["presets"],
  // How a message goes out, by kind: the linter knows what each takes, and nothing there knows what is told.
  ["channels"],
  ["contracts"],
  ["sources"],
  ["leases"],
  // Objectives count what observation and reconciliation see, and read what the store says of it.
  ["lag", "deploys", "objectives"],
  // Reconciliation takes leases and reads lags; what it finds is what sagas, cases and operations speak of.
  ["reconciliation"],
  ["dead-letters"],
  ["sagas"],
  ["cases"],
  // Proofs ask facts and rules about the keys of what operations delivered.
  ["proofs"],
  ["operations"],
  // Whoever decides carries out what was asked for: an operation, a case.
  ["decisions"],
  // The pipeline fills all of the above, and nobody above knows it.
  ["observation"],
  ["timeline"],
  ["alerts"],
  ["zones"],
  // Conditions are evaluated on the facts that screens read.
  ["alerting"],
  ["notifications"],
  ["worker"],
] as const satisfies readonly (readonly string[])[];

/** A file of lib as its row sees it; null for the pure files at the root, which everybody may know, and for what is not lib. */
export function unitOf(file: string): string | null {
  const [part, second = "", ...rest] = file.replace(/\.tsx?$/, "").split("/");
  if (part !== "lib") return null;
  if (rest.length > 0) return second;
  return second === "audited" ? "audit" : second === "context" ? "context" : null;
}

const rowOf = (unit: string): number => rows.findIndex((row) => (row as readonly string[]).includes(unit));

/** Why one file may not import another by the order of rows; null when it may. A row knows itself and what stands above it. */
export function whyNotUp(file: string, to: string): string | null {
  const [from, target] = [unitOf(file), unitOf(to)];
  if (from === null || target === null || from === target || isTest(file)) return null;
  const [own, other] = [rowOf(from), rowOf(target)];
  if (own < 0 || other < 0) return `${own < 0 ? from : target} has no row yet`;
  return other < own ? null : `${from} stands above ${target} and may not know it`;
}

/** Files that import each other in a circle, each circle sorted; types count like values. */
export function circlesOf(texts: ReadonlyMap<string, string>): string[][] {
  const known = new Map([...texts.keys()].map((file) => [file.replace(/\.tsx?$/, ""), file]));
  const graph = new Map(
    [...texts].map(([file, text]) => [
      file,
      importsOf(file, text).flatMap(
        (to) => known.get(to.replace(/\.tsx?$/, "")) ?? known.get(path.posix.join(to, "index")) ?? [],
      ),
    ]),
  );
  return strong(graph);
}

/** Tarjan, "Depth-first search and linear graph algorithms" (1972): the parts of a graph in which all reach all. */
function strong(graph: ReadonlyMap<string, readonly string[]>): string[][] {
  const seen = new Map<string, number>();
  const low = new Map<string, number>();
  const stack: string[] = [];
  const found: string[][] = [];
  const visit = (node: string): void => {
    seen.set(node, seen.size);
    low.set(node, seen.get(node)!);
    stack.push(node);
    for (const next of graph.get(node) ?? []) {
      if (!seen.has(next)) visit(next);
      if (stack.includes(next)) low.set(node, Math.min(low.get(node)!, low.get(next)!));
    }
    if (low.get(node) !== seen.get(node)) return;
    const part = stack.splice(stack.indexOf(node));
    if (part.length > 1) found.push(part.sort());
  };
  for (const node of graph.keys()) if (!seen.has(node)) visit(node);
  return found;
}
