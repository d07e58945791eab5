import { Empty } from "@/components/ui/empty";
import { VerdictGlyph } from "@/components/ui/glyph";
import { LiveAgo } from "@/components/ui/live-age";
import { Panel, PanelHead } from "@/components/ui/panel";
import type { ConfigurationProblem, SourcesView } from "@/lib/sources/views";
import { counted } from "@/lib/words";

/** Whether the files are in force; what is wrong in them, with file and line. A broken file changes nothing. */
export function ConfigurationPanel({ view }: { view: SourcesView }) {
  const { configuration, now } = view;
  return (
    <Panel>
      <PanelHead
        title="Configuration"
        note={
          configuration.at === null ? (
            "no worker has read it lately"
          ) : (
            <>
              last read <LiveAgo at={configuration.at} asOf={now} />
            </>
          )
        }
      />
      {configuration.hiddenN > 0 ? (
        <p className="px-3.5 py-2.5 text-12 text-ink-2">
          {counted(configuration.hiddenN, "problem")} in the files; who sees all zones sees{" "}
          {configuration.hiddenN === 1 ? "it" : "them"}.
        </p>
      ) : configuration.problems.length === 0 ? (
        <Empty kind="good" title="The files are in order">
          accord.yaml and every contract were read without a complaint.
        </Empty>
      ) : (
        <>
          {!configuration.ok && (
            <p className="px-3.5 pt-2.5 text-12 text-ink-2">
              The last good configuration stays in force until this is put right.
            </p>
          )}
          <ul>
            {configuration.problems.map((problem) => (
              <Problem key={`${problem.workerId}${problem.file}${problem.line}${problem.message}`} problem={problem} />
            ))}
          </ul>
        </>
      )}
    </Panel>
  );
}

export function Problem({
  problem,
}: {
  problem: Pick<ConfigurationProblem, "file" | "line" | "column" | "message" | "severity">;
}) {
  const error = problem.severity === "error";
  return (
    <li className="flex gap-2.5 border-b px-3.5 py-2 last:border-b-0">
      <VerdictGlyph verdict={error ? "breached" : "at_risk"} size={14} className="mt-0.75" />
      <div className="min-w-0">
        <p className="[overflow-wrap:anywhere]">{problem.message}</p>
        <p className="mono text-ink-3">
          {problem.file}:{problem.line}:{problem.column}
          <span className="sr-only">, {problem.severity}</span>
        </p>
      </div>
    </li>
  );
}

/** The workers that look, and when each last spoke. */
export function WorkersPanel({ view }: { view: SourcesView }) {
  return (
    <Panel>
      <PanelHead title="Workers" note={view.workers.length.toLocaleString("en-US")} />
      {view.workers.length === 0 ? (
        <Empty kind="error" title="No worker speaks">
          Nothing is being observed. Start one with npm run worker.
        </Empty>
      ) : (
        <ul className="px-3.5 py-2 text-12">
          {view.workers.map((worker) => (
            <li key={worker.workerId} className="flex items-center justify-between gap-3 py-0.75">
              <span className="mono truncate">{worker.workerId}</span>
              <span className="text-ink-3">
                <LiveAgo at={worker.heartbeatAt} asOf={view.now} />
              </span>
            </li>
          ))}
        </ul>
      )}
    </Panel>
  );
}
