import { useQuery } from "@tanstack/react-query";
import { Loaded } from "@/components/live/loaded";
import { Button } from "@/components/ui/button";
import { Changes } from "@/components/ui/changes";
import { Panel, PanelHead } from "@/components/ui/panel";
import { SkeletonBlock } from "@/components/ui/skeleton";
import { TextPanel } from "@/components/ui/text-panel";
import { revisionQuery } from "./queries";

/** The text that was reviewed, as it was applied. */
export const YamlPanel = ({ yaml, revision }: { yaml: string; revision: number }) => (
  <TextPanel
    title="The file"
    note={`revision ${revision}, as applied`}
    text={yaml}
    copy="Copy the file"
    label="The contract's file"
  />
);

/** What changed from another revision to the one in force, line by line; a sign says what the colour says. */
export function DiffPanel(props: { zoneId: string; from: number; yaml: string; revision: number; onClose: () => void }) {
  const { zoneId, from, yaml, revision, onClose } = props;
  const query = useQuery(revisionQuery(zoneId, from));
  return (
    <Panel>
      <PanelHead title="What changed" note={`from v${from} to v${revision}`}>
        <Button size="sm" onClick={onClose}>
          Show the file
        </Button>
      </PanelHead>
      <Loaded query={query} what="This revision" waiting={<SkeletonBlock className="h-48" />}>
        {(old) => <DiffText from={old.yaml} to={yaml} />}
      </Loaded>
    </Panel>
  );
}

const DiffText = ({ from, to }: { from: string; to: string }) =>
  from === to ? (
    <p className="px-3.5 py-4 text-ink-2">Both texts are the same.</p>
  ) : (
    <Changes label="What changed" before={from} after={to} />
  );
