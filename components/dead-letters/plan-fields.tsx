"use client";
import { Choice } from "@/components/ui/choice";
import { Field } from "@/components/ui/field";
import { Segmented } from "@/components/ui/segmented";
import { type Rate, spanOf } from "@/lib/operations/headroom.rules";
import { roomWords, spanWords } from "@/lib/operations/headroom-words";
import { planLimits } from "@/lib/operations/plan.rules";
import { canaryOf, type PlanText, planIn } from "./plan-text";

// Of more consumers the first tell enough.
const RATES_SHOWN = 3;

type Props = { text: PlanText; itemsN: number; rates: Rate[]; onChange: (text: PlanText) => void };

/** How a retry is let out: what goes first, when it stops by itself, how fast, and from when. */
export function PlanFields({ text, itemsN, rates, onChange }: Props) {
  const set = (change: Partial<PlanText>) => onChange({ ...text, ...change });
  const canary = canaryOf(text, itemsN);
  const { plan, problem } = planIn(text, itemsN);
  const rest = itemsN - (plan.canaryN ?? itemsN);
  const small = "w-24";
  return (
    <>
      <Choice
        label="Start with"
        hint={
          rest > 0
            ? `Then ${text.after === "go" ? `watch for ${text.watch || "0"} s and go on with the other ${rest.toLocaleString("en-US")} by itself` : "wait for somebody to go on"}.`
            : "All of them, without a canary."
        }
      >
        <Segmented
          label="Start with"
          value={canary}
          options={[
            { value: "1", label: "1" },
            { value: "10", label: "10" },
            { value: "own", label: "Other" },
            { value: "all", label: `All ${itemsN.toLocaleString("en-US")}` },
          ]}
          onChange={(value) => set({ canary: value })}
        />
      </Choice>
      {canary !== "all" && (
        <div className="flex flex-wrap items-end gap-3">
          {canary === "own" && (
            <div className={small}>
              <Field label="Canary" inputMode="numeric" value={text.own} onText={(own) => set({ own })} />
            </div>
          )}
          <div className={small}>
            <Field label="Watch" note="seconds" inputMode="numeric" value={text.watch} onText={(watch) => set({ watch })} />
          </div>
          <Segmented
            label="After the canary"
            value={text.after}
            options={[
              { value: "go", label: "Go on" },
              { value: "ask", label: "Wait for me" },
            ]}
            onChange={(after) => set({ after })}
          />
        </div>
      )}
      <div className="grid grid-cols-3 items-end gap-3">
        <Field label="Stop above" note="%" inputMode="numeric" value={text.stop} onText={(stop) => set({ stop })} />
        <Field
          label="Pace"
          note="a second"
          inputMode="decimal"
          placeholder="no limit"
          value={text.pace}
          onText={(pace) => set({ pace })}
        />
        <Field
          label="In flight"
          note="at most"
          inputMode="numeric"
          placeholder={plan.stopPercent === null ? "no limit" : String(planLimits.inFlightGuarded)}
          value={text.cap}
          onText={(cap) => set({ cap })}
        />
      </div>
      <div className="text-12 text-ink-3">
        <p>
          <b className="font-medium text-ink-2">{spanWords(spanOf(itemsN, plan, rates))}</b>{" "}
          {plan.perSecond === null ? "Without a pace, as fast as it is taken." : "At this pace."}
        </p>
        {rates.slice(0, RATES_SHOWN).map((rate) => (
          <p key={rate.consumer}>{roomWords(rate)}</p>
        ))}
      </div>
      <Field label="Not before" note="optional" type="datetime-local" value={text.at} onText={(at) => set({ at })} />
      {problem && (
        <p role="alert" className="text-12 text-breach-fg">
          {problem}
        </p>
      )}
    </>
  );
}
