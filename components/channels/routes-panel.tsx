import { Panel, PanelHead } from "@/components/ui/panel";
import type { Route } from "@/lib/channels/rules";
import { routeWords, stepsWords } from "./words";

/** Which alerts go where, as accord.yaml says it. */
export function RoutesPanel({ routes }: { routes: Route[] }) {
  return (
    <Panel>
      <PanelHead title="Routes" note="all that match count" />
      <ol className="py-1.5">
        {routes.map((route, i) => (
          <li key={i} className="px-3.5 py-1.5 text-12 [overflow-wrap:anywhere]">
            <span className="text-ink-2">{routeWords(route)}</span> to <b className="font-medium">{route.to.join(", ")}</b>
            {route.escalate.length > 0 && <span className="text-ink-2">, {stepsWords(route)}</span>}
          </li>
        ))}
      </ol>
    </Panel>
  );
}
