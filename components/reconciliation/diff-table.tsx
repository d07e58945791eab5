"use client";
import { useState } from "react";
import { cn } from "@/components/ui/cn";
import { Segmented } from "@/components/ui/segmented";
import { Table, Th } from "@/components/ui/table";
import type { Kind } from "@/lib/facts/rules";
import type { FieldDifference, Shown } from "@/lib/reconciliation/rules";

type Side = { service: string; note: string };
type Props = { fields: FieldDifference[]; authority: Side; projection: Side; kind: Kind; label?: string };

/** Both sides of one key, the authority at the left: what differs is tinted, with its sign in between. */
export function DiffTable({ fields, authority, projection, kind, label = "What differs" }: Props) {
  return (
    <Table label={label} className="md:min-w-155">
      <thead>
        <tr>
          <Th className="w-6/25">Field</Th>
          <SideHead side={authority} what="authority" />
          <Th className="w-6 px-0">
            <span className="sr-only">How they compare</span>
          </Th>
          <SideHead side={projection} what="projection" />
          <Th className="max-md:hidden">Why</Th>
        </tr>
      </thead>
      <tbody>
        {fields.map((field) => (
          <Row key={field.column} field={field} kind={kind} />
        ))}
      </tbody>
    </Table>
  );
}

function SideHead({ side, what }: { side: Side; what: string }) {
  return (
    <Th className="w-7/25">
      <span className="block text-12 font-semibold text-ink">{side.service}</span>
      {what}
      {side.note && `, ${side.note}`}
    </Th>
  );
}

function Row({ field, kind }: { field: FieldDifference; kind: Kind }) {
  const { differs, why } = field;
  const sign = differs ? "≠" : why ? "≈" : "=";
  const name = field.column === field.projectionColumn ? field.column : `${field.column} → ${field.projectionColumn}`;
  const cell = "border-b px-2.5 py-1.75 align-top mono [overflow-wrap:anywhere]";
  return (
    <tr>
      <th scope="row" className={cn(cell, "pl-3.5 text-left font-normal text-ink-2")}>
        {name}
      </th>
      <td className={cn(cell, differs && "v-ok bg-tint shadow-edge")}>
        <Value value={field.authority} absent={kind === "unexpected"} />
      </td>
      <td className={cn(cell, "px-0 text-center", differs ? "v-risk bg-tint font-semibold text-fg" : "text-ink-3")}>
        <span aria-hidden="true">{sign}</span>
        <span className="sr-only">{differs ? "differs" : why ? "agrees within its tolerance" : "agrees"}</span>
      </td>
      <td className={cn(cell, differs && "v-risk bg-tint shadow-edge")}>
        <Value value={field.projection} absent={kind === "missing"} />
      </td>
      <td className="border-b px-2.5 py-1.75 align-top text-12 text-ink-3 max-md:hidden">{why ?? reason(field, kind)}</td>
    </tr>
  );
}

function reason({ differs, authority, projection }: FieldDifference, kind: Kind): string {
  if (!differs) return "";
  if (kind === "missing") return "the projection has no row";
  if (kind === "unexpected") return "the authority has no row";
  if (kind === "duplicate") return "the projection has several rows; its newest is shown";
  const masked = [authority, projection].some((value) => value !== null && typeof value === "object");
  return masked ? "values are masked" : "";
}

function Value({ value, absent }: { value: Shown; absent: boolean }) {
  if (absent) return <span className="text-ink-3">not present</span>;
  if (value === null) return <span className="text-ink-3">null</span>;
  if (typeof value === "string") return value === "" ? <span className="text-ink-3">empty</span> : value;
  return (
    <span title="Masked at the server" className="rounded-square bg-sunken px-1 text-ink-3 ring-1 ring-line ring-inset">
      {value.$masked}
    </span>
  );
}

/** The choice between what differs and everything, with what it leaves to show. */
export function useShownFields(fields: FieldDifference[]) {
  const [shown, show] = useState<"differences" | "all">("differences");
  const differing = fields.filter((field) => field.differs);
  const choice = (
    <Segmented
      label="Fields that are shown"
      value={shown}
      onChange={show}
      options={[
        { value: "differences", label: "Differences" },
        { value: "all", label: `All ${fields.length}` },
      ]}
    />
  );
  return { fields: shown === "all" ? fields : differing, choice, differingN: differing.length };
}
