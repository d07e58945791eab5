import { CopyButton } from "./copy-button";
import { Panel, PanelHead } from "./panel";
import { ScrollRegion } from "./scroll-region";

type Props = { title: string; note?: string; text: string; copy: string; label: string };

/** A text line by line, to read and to copy. */
export function TextPanel({ title, note, text, copy, label }: Props) {
  const lines = text.trimEnd().split("\n");
  return (
    <Panel>
      <PanelHead title={title} note={note}>
        <CopyButton text={text} label={copy} />
      </PanelHead>
      <ScrollRegion label={label} className="max-h-140 overflow-auto py-3 font-mono text-12 leading-4.5">
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
