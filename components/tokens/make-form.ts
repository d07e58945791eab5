"use client";
import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { Refused } from "@/components/fetch";
import { useIntent } from "@/components/intent";
import { useZoneChoice } from "@/components/zones/zone-choice";
import type { Person, Role } from "@/lib/context";
import type { ProofAsked } from "@/lib/operators/views";
import type { TokenKind } from "@/lib/tokens/rules";
import { requestToken } from "./actions";

/** Name, role, zones and end of a token to make. */
export function useMakeForm(kind: TokenKind, me: Person, proof: ProofAsked) {
  const client = useQueryClient();
  const [name, setName] = useState("");
  const [role, setRole] = useState<Role>("viewer");
  const zoneChoice = useZoneChoice();
  const [expiresInDays, setExpiresInDays] = useState(90);
  const [password, setPassword] = useState("");
  const [tried, setTried] = useState(false);
  const mutation = useIntent(requestToken, { onSuccess: () => client.invalidateQueries({ queryKey: ["tokens"] }) });
  const nameError = name.trim() === "" ? "Say which script will show it." : null;
  const zonesError = zoneChoice.zones?.length === 0 ? "Choose one zone at least." : null;
  const refusal = mutation.error instanceof Refused ? mutation.error : null;
  const ofPassword = refusal?.detail.field === "password" ? refusal.message : null;
  const passwordError = proof === "password" && password === "" ? "It takes your present password." : null;
  const confirm = () => {
    setTried(true);
    if (nameError || zonesError || passwordError || mutation.isPending || mutation.isSuccess) return;
    mutation.mutate({ kind, name: name.trim(), role, zones: zoneChoice.zones, expiresInDays, ...(password && { password }) });
  };
  return {
    ...{ name, setName, role, setRole, zoneChoice, expiresInDays, setExpiresInDays, password, setPassword, confirm },
    nameError: tried ? nameError : null,
    zonesError: tried ? zonesError : null,
    passwordError: tried ? (passwordError ?? ofPassword) : null,
    pending: mutation.isPending,
    refusal: ofPassword === null ? mutation.error : null,
    made: mutation.data ?? null,
    owner: me,
  };
}
