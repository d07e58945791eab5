"use client";
import { saveFile } from "@/components/save-file";
import { Button } from "@/components/ui/button";
import { Menu, MenuItem } from "@/components/ui/menu";
import { toast } from "@/components/ui/toast";

const save = (queries: string[], side: "open" | "closed", format: "csv" | "jsonl") =>
  void saveFile("/api/v1/dead-letters/export", { queries, side, format }).catch((error: Error) => toast(error.message));

/** What the list holds as a file, not only the page. */
export function ExportMenu({ queries, side }: { queries: string[]; side: "open" | "closed" }) {
  return (
    <Menu trigger={<Button>Export</Button>}>
      <MenuItem onSelect={() => save(queries, side, "csv")}>As CSV</MenuItem>
      <MenuItem onSelect={() => save(queries, side, "jsonl")}>As JSON lines</MenuItem>
    </Menu>
  );
}
