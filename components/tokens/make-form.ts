"use client";
import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useIntent } from "@/components/intent";
import { useZoneChoice } from "@/components/zones/zone-choice";
import type { Person, Role } from "@/lib/context";
import type { TokenKind } from "@/lib/tokens/rules";
import { requestToken } from "./actions";

/** Name, role, zones and end of a token to make. */
export function useMakeForm(kind: TokenKind, me: Person) {
  const client = useQueryClient();
  const [name, setName] = useState("");
  const [role, setRole] = useState<Role>("viewer");
  const zoneChoice = useZoneChoice();
  const [expiresInDays, setExpiresInDays] = useState(90);
  const [tried, setTried] = useState(false);
  const mutation = useIntent(requestToken, { onSuccess: () => client.invalidateQueries({ queryKey: ["tokens"] }) });
  const nameError = name.trim() === "" ? "Say which script will show it." : null;
  const zonesError = zoneChoice.zones?.length === 0 ? "Choose one zone at least." : null;
  const confirm = () => {
    setTried(true);
    if (nameError || zonesError || mutation.isPending || mutation.isSuccess) return;
    mutation.mutate({ kind, name: name.trim(), role, zones: zoneChoice.zones, expiresInDays });
  };
  return {
    ...{ name, setName, role, setRole, zoneChoice, expiresInDays, setExpiresInDays, confirm },
    nameError: tried ? nameError : null,
    zonesError: tried ? zonesError : null,
    pending: mutation.isPending,
    refusal: mutation.error,
    made: mutation.data ?? null,
    owner: me,
  };
}
