import { frameworkOf, GENERIC } from "../presets/known.rules";

type Of = { sourceId: string; preset: string };

/** What a source is called where its preset matters: its framework, or its own tables. */
export const presetTitle = ({ preset }: Pick<Of, "preset">): string =>
  frameworkOf(preset)?.title ??
  (preset === "native" ? "The native tables" : preset === GENERIC ? "A mapped table" : "Business tables");

/** Why messages of a source cannot be retried, or discarded, from here. */
export function unableWords(source: Of, kind: "retry" | "discard"): string {
  const framework = frameworkOf(source.preset);
  if (!framework)
    return `The map of ${source.sourceId} in accord.yaml has no ${kind}: nobody has said how its messages are ${kind === "retry" ? "retried" : "discarded"}.`;
  const only = kind === "retry" && framework.beat === null ? ` Only the application can retry there.` : "";
  return `${framework.title} gives no safe way to ${kind} a message of ${source.sourceId} from outside.${only}`;
}
