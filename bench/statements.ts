import pg from "pg";
import { onceAt } from "./cluster";

export type Statement = { text: string; values: unknown[] };

/** Writes down every statement that any connection of this process sends while `work` runs. */
export async function recorded<T>(work: () => Promise<T>): Promise<{ value: T; statements: Statement[] }> {
  const statements: Statement[] = [];
  const prototype = pg.Client.prototype as unknown as { query: (...args: unknown[]) => unknown };
  const original = prototype.query;
  prototype.query = function query(this: unknown, ...args: unknown[]) {
    const [first, second] = args as [string | { text?: string; values?: unknown[] } | undefined, unknown];
    const text = typeof first === "string" ? first : first?.text;
    if (text)
      statements.push({
        text,
        values: (typeof first === "object" ? first.values : undefined) ?? (Array.isArray(second) ? second : []),
      });
    return original.apply(this, args);
  };
  try {
    return { value: await work(), statements };
  } finally {
    prototype.query = original;
  }
}

type Plan = {
  "Node Type": string;
  "Relation Name"?: string;
  "Index Name"?: string;
  "Actual Rows": number;
  "Actual Loops": number;
  "Rows Removed by Filter"?: number;
  "Rows Removed by Index Recheck"?: number;
  "Shared Hit Blocks": number;
  "Shared Read Blocks": number;
  Plans?: Plan[];
};

export type Explained = { ms: number; rowsTouched: number; buffers: number; lines: string[] };

/** Runs a statement again as EXPLAIN (ANALYZE, BUFFERS): what it touched, and its plan in one line a node. */
export async function explained(client: pg.ClientBase, { text, values }: Statement): Promise<Explained> {
  const { rows } = await client.query(`explain (analyze, buffers, timing off, format json) ${text}`, values);
  const [whole] = rows[0]["QUERY PLAN"] as { Plan: Plan; "Execution Time": number }[];
  const root = whole!.Plan;
  return {
    ms: whole!["Execution Time"],
    rowsTouched: touchedBy(root),
    buffers: root["Shared Hit Blocks"] + root["Shared Read Blocks"],
    lines: linesOf(root, 0),
  };
}

// A row is touched where a table or its index hands it up, or throws it away after a look.
function touchedBy(plan: Plan): number {
  const own =
    plan["Relation Name"] !== undefined && plan["Node Type"] !== "ModifyTable"
      ? (plan["Actual Rows"] + (plan["Rows Removed by Filter"] ?? 0) + (plan["Rows Removed by Index Recheck"] ?? 0)) *
        plan["Actual Loops"]
      : 0;
  return (plan.Plans ?? []).reduce((sum, child) => sum + touchedBy(child), own);
}

function linesOf(plan: Plan, depth: number): string[] {
  const on = [plan["Index Name"] && `using ${plan["Index Name"]}`, plan["Relation Name"] && `on ${plan["Relation Name"]}`];
  const thrown = (plan["Rows Removed by Filter"] ?? 0) + (plan["Rows Removed by Index Recheck"] ?? 0);
  const counts = `rows=${plan["Actual Rows"] * plan["Actual Loops"]}${thrown > 0 ? ` thrown away=${thrown * plan["Actual Loops"]}` : ""}`;
  const buffers = plan["Shared Hit Blocks"] + plan["Shared Read Blocks"];
  const line = `${"  ".repeat(depth)}${[plan["Node Type"], ...on].filter(Boolean).join(" ")} (${counts}, buffers=${buffers})`;
  return [line, ...(plan.Plans ?? []).flatMap((child) => linesOf(child, depth + 1))];
}

/** Which table a statement reads first, to tell it from the others in a table of figures. */
export const headOf = (text: string): string =>
  /\b(unresolved|open_key|dead_letter_group|dead_letter|group_arrival|lag_sample|zone_sample|zone_status|outbox|inbox|saga\w*|held_message)\b/i.exec(
    text.slice(text.search(/\bfrom\s+(?!clock|to_timestamp|unnest)\w/i)),
  )?.[1] ?? text.replace(/\s+/g, " ").slice(0, 50);

/** What reading costs inside the database: every statement that `work` sends, run again as EXPLAIN (ANALYZE, BUFFERS), added up. */
export async function costOf(url: string, work: () => Promise<unknown>): Promise<{ ms: number; rows: number; buffers: number }> {
  const sum = { ms: 0, rows: 0, buffers: 0 };
  const { statements } = await recorded(work);
  await onceAt(url, async (client) => {
    for (const statement of statements) {
      if (!/^\s*(select|with)\b/i.test(statement.text) || /\b(insert into|update|delete from)\b/i.test(statement.text)) continue;
      const cost = await explained(client, statement);
      sum.ms += cost.ms;
      sum.rows += cost.rowsTouched;
      sum.buffers += cost.buffers;
    }
  });
  return sum;
}
