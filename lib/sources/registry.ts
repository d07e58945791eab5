import type { SourceConfig } from "../contracts/rules";
import { mapped } from "../presets/all.rules";
import { GENERIC } from "../presets/known.rules";
import { mappedSource } from "./presets/mapped/mapped";
import { nativeSource } from "./presets/native/native";
import { tablesSource } from "./presets/tables/tables";
import type { Source } from "./source";

/** How each preset opens a source; a preset that is not here is refused by the linter. */
const presets: Record<string, (config: SourceConfig) => Source> = {
  native: (config) => nativeSource(config),
  tables: (config) => tablesSource(config),
  ...Object.fromEntries([GENERIC, ...mapped.map(({ name }) => name)].map((name) => [name, mappedSource])),
};

/** A source that cannot be opened fails at every poll, with the reason; the others go on. */
function opened(config: SourceConfig): Source {
  try {
    const open = presets[config.preset];
    if (!open) throw new Error(`There is no preset ${config.preset}. Known: ${Object.keys(presets).join(", ")}.`);
    return open(config);
  } catch (error) {
    const fail = () => Promise.reject(error);
    return {
      ...{ poll: fail, recheck: fail, steps: fail, body: fail, redeliveries: fail },
      redeliverable: { edits: true, redeliver: fail, withdraw: fail },
      ...{ callable: null, takesWithinMs: null, remembering: null },
      discardable: { discard: fail },
      settleable: { resolve: fail, takeBack: fail },
      holdable: { hold: fail },
      comparable: { describe: fail, page: fail, byKey: fail },
      close: () => Promise.resolve(),
    };
  }
}

export type Registry = { open: (config: SourceConfig) => Source; close: () => Promise<void> };

/** The sources that this process has open: one each, opened anew when its address changes, closed when it goes. */
export function sourceRegistry(): Registry & { keep: (configs: readonly SourceConfig[]) => Promise<void> } {
  const open = new Map<string, { config: string; source: Source }>();
  const close = async (sourceId: string) => {
    const entry = open.get(sourceId);
    open.delete(sourceId);
    await entry?.source.close();
  };
  return {
    open: (config) => {
      const known = open.get(config.sourceId);
      if (known) return known.source;
      const source = opened(config);
      open.set(config.sourceId, { config: JSON.stringify(config), source });
      return source;
    },
    keep: async (configs) => {
      const wanted = new Map(configs.map((config) => [config.sourceId, JSON.stringify(config)]));
      for (const [sourceId, entry] of open) if (wanted.get(sourceId) !== entry.config) await close(sourceId);
    },
    close: async () => {
      await Promise.all([...open.keys()].map(close));
    },
  };
}
