"use client";
import { useEffect, useRef, useState } from "react";
import { FormDialog } from "@/components/form-dialog";
import { toast } from "@/components/ui/toast";
import type { GroupRow } from "@/lib/dead-letters/views";
import { counted } from "@/lib/words";
import { leadOf } from "./regroup-words";
import { useRegroup } from "./use-regroup";

type Props = { groups: GroupRow[]; onDone: () => void; onClose: () => void };

/** Into which of some groups the others are merged. */
export function MergeDialog({ groups, onDone, onClose }: Props) {
  const [into, setInto] = useState(leadOf(groups).groupId);
  const regroup = useRegroup();
  const submit = () => {
    const others = groups.flatMap(({ groupId }) => (groupId === into ? [] : [groupId]));
    if (!regroup.isPending)
      regroup.mutate(
        { act: "merge", groupId: into, groups: others },
        {
          onSuccess: ({ moving }) => {
            toast(`Merged ${counted(others.length, "group")} into one${moving ? "; their messages are on their way" : ""}.`);
            onDone();
            onClose();
          },
        },
      );
  };
  return (
    <FormDialog
      title={`Merge ${counted(groups.length, "group")}`}
      submit={{ words: "Merge", busy: regroup.isPending && "Merging" }}
      error={null}
      onSubmit={submit}
      onClose={onClose}
    >
      <p className="text-ink-2">
        Messages of the others, and what fails so later, belong to the one that you choose. Each group keeps its owner, state and
        notes, and a merge can be undone.
      </p>
      <Into groups={groups} into={into} setInto={setInto} />
    </FormDialog>
  );
}

type IntoProps = { groups: GroupRow[]; into: string; setInto: (groupId: string) => void };

/** One of the groups; the one that is chosen has the focus as soon as it is there. */
function Into({ groups, into, setInto }: IntoProps) {
  const chosen = useRef<HTMLInputElement>(null);
  useEffect(() => chosen.current?.focus(), []);
  return (
    <fieldset className="min-w-0">
      <legend className="text-12 font-medium">Merge into</legend>
      {groups.map((group) => (
        <label key={group.groupId} className="flex cursor-pointer items-start gap-2.5 py-1 max-md:py-2.5">
          <input
            type="radio"
            name="into"
            ref={into === group.groupId ? chosen : undefined}
            checked={into === group.groupId}
            onChange={() => setInto(group.groupId)}
            className="mt-0.5 size-3.75 flex-none accent-accent-fill"
          />
          <span className="min-w-0">
            <span className="font-medium">{group.errorType}</span>{" "}
            <span className="text-12 text-ink-3">{counted(group.openN, "message")}</span>
            <span className="mono block text-ink-2 [overflow-wrap:anywhere]">{group.template}</span>
          </span>
        </label>
      ))}
    </fieldset>
  );
}
