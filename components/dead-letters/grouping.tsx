"use client";
import { useState } from "react";
import { useWhyNot } from "@/components/shell/use-why-not";
import { Button } from "@/components/ui/button";
import { Link } from "@/components/ui/link";
import { When } from "@/components/ui/when";
import type { RouteView } from "@/lib/dead-letters/regrouping/views";
import type { GroupView } from "@/lib/dead-letters/views";
import { SplitDialog } from "./dialogs";
import { ownGroupHref } from "./group-row";
import { useRegroup } from "./use-regroup";

/** What was merged into the group and split off it by hand, the way back from each, and the way to split it. */
export function Grouping({ view: { group, placed, now } }: { view: GroupView }) {
  const [splits, setSplits] = useState(false);
  const whyNot = useWhyNot();
  const zones = group.zones.map(({ zoneId }) => zoneId);
  const regroup = useRegroup();
  const isPart = placed.routes.some(({ kind }) => kind === "part_of");
  const undo = (routeId: string) => regroup.mutate({ act: "undo", groupId: group.groupId, routeId });
  return (
    <div className="grid gap-1.5">
      {placed.ledTo ? (
        <span>with group {placed.ledTo.groupId}</span>
      ) : (
        placed.routes.length === 0 && <span>by how they failed</span>
      )}
      {placed.routes.map((route) => (
        <div key={route.routeId}>
          <RouteWords route={route} /> <span className="text-ink-3">{route.by}, </span>
          <When at={route.at} now={now} className="text-ink-3" />
          {route.moving && <span className="text-ink-2"> (messages are on their way)</span>}{" "}
          <Button
            size="sm"
            tone="ghost"
            blocked={whyNot("group.undo", zones)}
            busy={
              regroup.isPending && regroup.variables.act === "undo" && regroup.variables.routeId === route.routeId && "Undoing"
            }
            onClick={() => undo(route.routeId)}
          >
            Undo
          </Button>
        </div>
      ))}
      {!isPart && placed.ledTo === null && group.openN > 1 && (
        <span>
          <Button
            size="sm"
            tone="ghost"
            className="-my-1 -ml-2.25"
            blocked={whyNot("group.split", zones)}
            onClick={() => setSplits(true)}
          >
            Split off a part
          </Button>
        </span>
      )}
      {splits && <SplitDialog groupId={group.groupId} onClose={() => setSplits(false)} />}
    </div>
  );
}

function RouteWords({ route: { kind, otherId, rule } }: { route: RouteView }) {
  const other = (
    <Link href={ownGroupHref(otherId)} className="link">
      group {otherId}
    </Link>
  );
  if (kind === "merged_in") return <>with what fails as {other}: </>;
  if (kind === "part_of")
    return (
      <>
        split off {other}, messages {rule}:{" "}
      </>
    );
  return (
    <>
      without messages {rule}, which are {other}:{" "}
    </>
  );
}
