"use client";
import { useState } from "react";
import { cn } from "@/components/ui/cn";
import { CopyButton } from "@/components/ui/copy-button";
import { Panel, PanelHead } from "@/components/ui/panel";
import { ScrollRegion } from "@/components/ui/scroll-region";
import type { MessageView } from "@/lib/dead-letters/views";
import { type Frame, framePieces, framesOf } from "./frames";

/** The exception: own frames stand out, the first of them is where to look, the framework's are folded. */
export function ExceptionPanel({ view, frame }: { view: MessageView; frame: string | null }) {
  const [all, setAll] = useState(false);
  const frames = framesOf(view.stack, frame);
  const lastOwn = frames.findLastIndex((each) => each.own);
  const shown = all ? frames : frames.slice(0, lastOwn + 2);
  const folded = frames.length - shown.length;
  const { records } = view.group;
  const text = [[view.errorType, view.errorMessage].filter(Boolean).join(": "), ...view.stack].join("\n");
  return (
    <Panel>
      <PanelHead title="Exception">
        <CopyButton text={text} label="Copy the exception" />
      </PanelHead>
      <ScrollRegion label="Stack" className="overflow-x-auto py-3 font-mono text-12 leading-4.5">
        <p className="px-3.5 font-semibold [overflow-wrap:anywhere]">
          {[view.errorType, view.errorMessage].filter(Boolean).join(": ")}
        </p>
        {shown.map((each, i) => (
          <FrameLine key={i} frame={each} />
        ))}
        {folded > 0 && (
          <p className="px-3.5 text-ink-3">
            {"  "}
            {folded} more {folded === 1 ? "frame" : "frames"}{" "}
            <button type="button" className="link font-sans" onClick={() => setAll(true)}>
              show
            </button>
          </p>
        )}
        {frames.length === 0 && (
          <p className="px-3.5 font-sans text-ink-3">
            {records === null || records.stack ? "The consumer left no stack." : `${records.by} records no stacks.`}
          </p>
        )}
      </ScrollRegion>
    </Panel>
  );
}

function FrameLine({ frame }: { frame: Frame }) {
  const [before, method, after] = framePieces(frame.text);
  return (
    <p
      className={cn(
        "w-max min-w-full whitespace-pre px-3.5",
        !frame.own && "text-ink-3",
        frame.top && "bg-breach-tint shadow-breach",
      )}
    >
      {"  "}
      {before}
      <span className={cn(frame.own && "font-semibold")}>{method}</span>
      {after}
    </p>
  );
}
