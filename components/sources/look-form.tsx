import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { Refused } from "@/components/fetch";
import { useIntent } from "@/components/intent";
import { useWhyNot } from "@/components/shell/use-why-not";
import { Banner } from "@/components/ui/banner";
import { Button } from "@/components/ui/button";
import { Checkbox } from "@/components/ui/checkbox";
import { Choice } from "@/components/ui/choice";
import { Field } from "@/components/ui/field";
import { Panel, PanelHead } from "@/components/ui/panel";
import { DATABASES_MAX, isUnderWay } from "@/lib/sources/discovery.rules";
import { variableProblem } from "@/lib/sources/discovery-words";
import type { DiscoveryView } from "@/lib/sources/views";
import { requestLook } from "./actions";

/** Which databases are to be looked at: by the variables of their addresses, or as sources that are there already. */
export function LookForm({ view }: { view: DiscoveryView }) {
  const client = useQueryClient();
  const [typed, setTyped] = useState("");
  const [sources, setSources] = useState<string[]>([]);
  const [tried, setTried] = useState(false);
  const whyNot = useWhyNot();
  const look = useIntent(requestLook, { onSettled: () => client.invalidateQueries({ queryKey: ["discovery"] }) });
  const variables = [...new Set(typed.split(/[\s,;]+/).filter((name) => name !== ""))];
  const error =
    variables.map(variableProblem).find((problem) => problem !== null) ?? countProblem(variables.length + sources.length);
  const underWay = view.look !== null && isUnderWay(view.look);
  const toggle = (sourceId: string) =>
    setSources((chosen) => (chosen.includes(sourceId) ? chosen.filter((one) => one !== sourceId) : [...chosen, sourceId]));
  return (
    <Panel>
      <PanelHead title="Databases to look at" note="several at once, to find copies between them" />
      <form
        className="flex flex-col gap-3.5 px-3.5 py-3"
        onSubmit={(event) => {
          event.preventDefault();
          setTried(true);
          if (error === null && !underWay && !look.isPending) look.mutate({ variables, sources });
        }}
      >
        {look.error instanceof Refused && <Banner look="at_risk" title={look.error.message} />}
        <Field
          label="Variables that hold their addresses"
          note="in the worker's environment, such as ORDERS_DATABASE_URL"
          autoComplete="off"
          autoCapitalize="off"
          spellCheck={false}
          maxLength={900}
          value={typed}
          error={tried ? error : null}
          onText={setTyped}
        />
        {view.sources.length > 0 && (
          <Choice label="Databases of sources that are there already">
            <div className="grid grid-cols-1 gap-1.5 sm:grid-cols-2 xl:grid-cols-3">
              {view.sources.map(({ sourceId, service }) => (
                <span key={sourceId} className="flex min-h-6 min-w-0 items-center gap-2 max-md:min-h-11">
                  <Checkbox checked={sources.includes(sourceId)} label={sourceId} onChange={() => toggle(sourceId)} />
                  <span className="truncate">
                    {sourceId} <span className="text-ink-3">{service}</span>
                  </span>
                </span>
              ))}
            </div>
          </Choice>
        )}
        <div>
          <Button
            type="submit"
            tone="primary"
            icon="search"
            busy={(look.isPending || underWay) && "Looking"}
            blocked={whyNot("source.discover", [])}
          >
            Look at them
          </Button>
        </div>
      </form>
    </Panel>
  );
}

function countProblem(n: number): string | null {
  if (n === 0) return "Name a variable, or choose a source.";
  return n > DATABASES_MAX ? `One look takes in ${DATABASES_MAX} databases at most.` : null;
}
