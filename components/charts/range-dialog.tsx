"use client";
import { useState } from "react";
import { Button } from "@/components/ui/button";
import { Dialog } from "@/components/ui/dialog";
import { Field } from "@/components/ui/field";
import { inputTime, readInputTime, zoneName } from "@/components/ui/format";
import { type PresetRange, type Range, rangeLimits, rangeOf, spanOf } from "@/lib/range";
import { type Instant, windowWords } from "@/lib/time";
import { rangeWords, wrongRange } from "./range";

type Props = {
  range: Range;
  presets: readonly PresetRange[];
  mostMs: number;
  now: Instant;
  onChoose: (text: string) => void;
  onClose: () => void;
};

/** A span of one's own: back from now, or between two times. */
export function RangeDialog({ range, presets, mostMs, now, onChoose, onClose }: Props) {
  const span = spanOf(range, now);
  const [last, setLast] = useState("");
  const [from, setFrom] = useState(inputTime(span.from));
  const [to, setTo] = useState(inputTime(span.to));
  const [error, setError] = useState<string | null>(null);
  const choose = (text: string) => {
    onChoose(text);
    onClose();
  };
  const apply = () => {
    const text = last.trim() !== "" ? last.trim().replaceAll(" ", "") : `${readInputTime(from)}-${readInputTime(to)}`;
    const wrong = wrongRange(text, last.trim() !== "", mostMs);
    if (wrong === null) choose(text);
    else setError(wrong);
  };
  return (
    <Dialog open onOpenChange={(open) => !open && onClose()} title="Range of the charts" note={noteOf(mostMs)}>
      <form
        className="flex flex-col gap-3.5 px-dialog-x py-dialog-y max-md:px-4"
        onSubmit={(event) => {
          event.preventDefault();
          apply();
        }}
      >
        <div className="flex flex-wrap gap-1.5">
          {presets.map((preset) => (
            <Button key={preset} size="sm" onClick={() => choose(preset)}>
              {rangeWords[preset]}
            </Button>
          ))}
        </div>
        <Field label="Back from now" note="such as 45m, 3h or 2d" value={last} onText={setLast} error={last ? error : null} />
        <div className="grid gap-3 sm:grid-cols-2">
          <Field
            label="From"
            note={zoneName(now)}
            type="datetime-local"
            value={from}
            onText={setFrom}
            error={last ? null : error}
            disabled={last !== "" && rangeOf(last) !== null}
          />
          <Field
            label="To"
            note={zoneName(now)}
            type="datetime-local"
            value={to}
            onText={setTo}
            disabled={last !== "" && rangeOf(last) !== null}
          />
        </div>
        <Button type="submit" tone="primary" className="self-end">
          Show this range
        </Button>
      </form>
    </Dialog>
  );
}

const noteOf = (mostMs: number): string =>
  mostMs < rangeLimits.mostMs
    ? `All zones at once show at most ${windowWords(mostMs)}; a zone's own charts go back 400.`
    : "History is kept for 400 days.";
