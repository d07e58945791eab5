"use client";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { usePathname, useSearchParams } from "next/navigation";
import { useState } from "react";
import { postJson } from "@/components/fetch";
import { FormDialog } from "@/components/form-dialog";
import { useIntent } from "@/components/intent";
import { useWhyNot } from "@/components/shell/use-why-not";
import { Button } from "@/components/ui/button";
import { Checkbox } from "@/components/ui/checkbox";
import { Field } from "@/components/ui/field";
import { Icon } from "@/components/ui/icons";
import { Link } from "@/components/ui/link";
import { savedQuery } from "./queries";

type View = { name: string; search: string; shared: boolean; pinned: boolean };
const root = "/api/v1/dead-letters/views";
const save = (view: View, key: string) => postJson<{ viewId: string }>(root, view, key);
const remove = (viewId: string, key: string) => postJson<{ removed: boolean }>(`${root}/${viewId}/remove`, {}, key);

/** Views that somebody kept: one's own, and what is shared; with the way to keep what is shown now. */
export function SavedViews() {
  const { data } = useQuery(savedQuery());
  const client = useQueryClient();
  const search = useSearchParams().toString();
  const path = usePathname();
  const whyNot = useWhyNot();
  const [asked, setAsked] = useState(false);
  const ends = { onSuccess: () => client.invalidateQueries({ queryKey: savedQuery().queryKey }) };
  const removal = useIntent(remove, ends);
  return (
    <nav aria-label="Saved views" className="mb-2 flex flex-wrap items-center gap-1.5 text-12">
      {data?.views.map((view) => (
        <span key={view.viewId} className="inline-flex items-center rounded-control border border-line-strong bg-surface">
          <Link
            href={`${path}?${view.search}`}
            aria-current={view.search === search ? "page" : undefined}
            title={view.shared ? `Shared by ${view.by}` : "Only you see it"}
            className="px-2 py-1 hover:bg-hover aria-[current]:font-semibold"
          >
            {view.name}
          </Link>
          {(view.own || whyNot("view.share", []) === null) && (
            <button
              type="button"
              aria-label={`Remove the view ${view.name}`}
              onClick={() => removal.mutate(view.viewId)}
              className="grid h-6 w-5 place-items-center text-ink-3 hover:text-ink max-md:size-11"
            >
              <Icon name="x" size={12} />
            </button>
          )}
        </span>
      ))}
      <Button size="sm" tone="ghost" onClick={() => setAsked(true)}>
        Save view
      </Button>
      {asked && <SaveDialog search={search} onClose={() => setAsked(false)} />}
    </nav>
  );
}

function SaveDialog({ search, onClose }: { search: string; onClose: () => void }) {
  const client = useQueryClient();
  const whyNot = useWhyNot();
  const [name, setName] = useState("");
  const [shared, setShared] = useState(false);
  const [pinned, setPinned] = useState(false);
  const mayNot = whyNot("view.share", []);
  const request = useIntent(save, {
    onSuccess: async () => {
      await client.invalidateQueries({ queryKey: savedQuery().queryKey });
      onClose();
    },
  });
  return (
    <FormDialog
      title="Save this view"
      submit={{ words: "Save view", busy: request.isPending && "Saving" }}
      error={request.error}
      onSubmit={() => request.mutate({ name, search, shared, pinned })}
      onClose={onClose}
    >
      <Field label="Name" value={name} maxLength={60} onText={setName} />
      <p className="flex items-center gap-2">
        <Checkbox checked={pinned} onChange={setPinned} label="Pin it to the sidebar" /> Pin it to the sidebar
      </p>
      {mayNot === null ? (
        <p className="flex items-center gap-2">
          <Checkbox checked={shared} onChange={setShared} label="Share it with everybody" /> Share it with everybody
        </p>
      ) : (
        <p className="text-12 text-ink-3">{mayNot}</p>
      )}
    </FormDialog>
  );
}
