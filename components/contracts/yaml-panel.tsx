import { useQuery } from "@tanstack/react-query";
import { diffLines } from "diff";
import { Loaded } from "@/components/live/loaded";
import { Button } from "@/components/ui/button";
import { Panel, PanelHead } from "@/components/ui/panel";
import { ScrollRegion } from "@/components/ui/scroll-region";
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

type Change = { text: string; sign: "+" | "-" | " " };

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
        {(old) => <Changes changes={changesOf(old.yaml, yaml)} />}
      </Loaded>
    </Panel>
  );
}

function Changes({ changes }: { changes: Change[] }) {
  if (changes.every(({ sign }) => sign === " ")) return <p className="px-3.5 py-4 text-ink-2">Both texts are the same.</p>;
  return (
    <ScrollRegion label="What changed" className="max-h-140 overflow-auto py-3 font-mono text-12 leading-4.5">
      <ol>
        {changes.map(({ text, sign }, i) => (
          <li key={i} className={`flex w-max min-w-full whitespace-pre pr-3.5 ${tint[sign]}`}>
            <span className="w-8 flex-none select-none text-center text-ink-3">
              {sign === " " ? "" : sign}
              <span className="sr-only">{sign === "+" ? "added" : sign === "-" ? "removed" : ""}</span>
            </span>
            {text}
          </li>
        ))}
      </ol>
    </ScrollRegion>
  );
}

const tint = { "+": "bg-ok-tint text-ok-fg", "-": "bg-breach-tint text-breach-fg", " ": "" };

const changesOf = (from: string, to: string): Change[] =>
  diffLines(from, to).flatMap(({ value, added, removed }) =>
    value
      .replace(/\n$/, "")
      .split("\n")
      .map((text): Change => ({ text, sign: added ? "+" : removed ? "-" : " " })),
  );
