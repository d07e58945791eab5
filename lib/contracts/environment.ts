import type { Path } from "./path.rules";
import type { Hidden } from "./validate";
import type { Located } from "./yaml";

/** Variables by name; what process.env is. */
export type Environment = Record<string, string | undefined>;

const reference = /\$\{([^}]*)\}?/g;
const variable = /^[A-Za-z_][A-Za-z0-9_]*$/;

/** Puts `${NAME}` in after reading, so that a value cannot become YAML. Problems name the variable, never its value. */
export function withEnvironment(
  located: Located,
  environment: Environment,
): { located: Located; hidden: Hidden; secrets: string[] } {
  const problems = [...located.problems];
  const origins = new Map<string, string>();
  const secrets = new Set<string>();

  // process.env also has what every object has.
  const valueFor = (name: string) => (variable.test(name) && Object.hasOwn(environment, name) ? environment[name] : undefined);

  function textWith(text: string, path: Path): unknown {
    const names = [...text.matchAll(reference)].map((match) => ({ name: match[1]!, closed: match[0].endsWith("}") }));
    if (names.length === 0) return text;
    for (const { name, closed } of names) {
      const value = closed ? valueFor(name) : undefined;
      if (value) secrets.add(value);
      else if (!variable.test(name) || !closed)
        problems.push(
          located.problem(path, "Expected the name of an environment variable between braces, found something else."),
        );
      else problems.push(located.problem(path, `Expected the environment variable ${name} to be set, found nothing.`));
    }
    origins.set(
      JSON.stringify(path),
      `the value of ${names.map(({ name }) => (variable.test(name) ? `\${${name}}` : "a variable")).join(" and ")}`,
    );
    const replaced = text.replace(reference, (_, name: string) => valueFor(name) ?? "");
    // `act: ${ACT}` is meant as a yes or no.
    return text === `\${${names[0]!.name}}` && (replaced === "true" || replaced === "false") ? replaced === "true" : replaced;
  }

  function visit(value: unknown, path: Path): unknown {
    if (typeof value === "string") return textWith(value, path);
    if (Array.isArray(value)) return value.map((item, i) => visit(item, [...path, i]));
    if (value === null || typeof value !== "object") return value;
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, visit(item, [...path, key])]));
  }

  const value = visit(located.value, []);
  return {
    located: { ...located, value, problems },
    hidden: (path) => origins.get(JSON.stringify(path)) ?? null,
    secrets: [...secrets],
  };
}

/** Whether a text takes a variable: a contract may not, since its text and its values are stored and shown. */
export const takesVariable = (text: string): boolean => /\$\{[A-Za-z_][A-Za-z0-9_]*\}/.test(text);
