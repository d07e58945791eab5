import { CopyButton } from "@/components/ui/copy-button";
import { Panel, PanelHead } from "@/components/ui/panel";
import { ScrollRegion } from "@/components/ui/scroll-region";

/** The text that was reviewed, as it was applied. */
export function YamlPanel({ yaml, revision }: { yaml: string; revision: number }) {
  const lines = yaml.trimEnd().split("\n");
  return (
    <Panel>
      <PanelHead title="The file" note={`revision ${revision}, as applied`}>
        <CopyButton text={yaml} label="Copy the file" />
      </PanelHead>
      <ScrollRegion label="The contract's file" className="max-h-[560px] overflow-auto py-3 font-mono text-12 leading-[18px]">
        <ol>
          {lines.map((line, i) => (
            <li key={i} className="flex w-max min-w-full pr-3.5">
              <span aria-hidden="true" className="w-10 flex-none select-none pr-3 text-right text-ink-3">
                {i + 1}
              </span>
              <YamlLine line={line} />
            </li>
          ))}
        </ol>
      </ScrollRegion>
    </Panel>
  );
}

function YamlLine({ line }: { line: string }) {
  const match = /^(\s*(?:- )?)([\w.-]+)(:)(\s.*|)$/.exec(line);
  if (/^\s*#/.test(line)) return <span className="whitespace-pre text-code-dim">{line}</span>;
  if (!match) return <span className="whitespace-pre">{line}</span>;
  return (
    <span className="whitespace-pre">
      {match[1]}
      <span className="text-code-key">{match[2]}</span>
      {match[3]}
      {match[4]}
    </span>
  );
}
