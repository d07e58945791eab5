"use client";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useRef, useState } from "react";
import { intentKey } from "@/components/fetch";
import type { Person, Role } from "@/lib/context";
import type { TokenKind } from "@/lib/tokens/rules";
import { type NewToken, requestToken } from "./actions";

/** Name, role, zones and end of a token to make: one intent has one key, however often it is sent. */
export function useMakeForm(kind: TokenKind, me: Person) {
  const client = useQueryClient();
  const [name, setName] = useState("");
  const [role, setRole] = useState<Role>("viewer");
  const [some, setSome] = useState(false);
  const [zones, setZones] = useState<string[]>([]);
  const [expiresInDays, setExpiresInDays] = useState(90);
  const [tried, setTried] = useState(false);
  const intent = useRef<{ body: string; key: string } | null>(null);
  const mutation = useMutation({
    mutationFn: (wish: NewToken) => {
      const body = JSON.stringify(wish);
      if (intent.current?.body !== body) intent.current = { body, key: intentKey() };
      return requestToken(wish, intent.current.key);
    },
    onSuccess: () => client.invalidateQueries({ queryKey: ["tokens"] }),
  });
  const nameError = name.trim() === "" ? "Say which script will show it." : null;
  const zonesError = some && zones.length === 0 ? "Choose one zone at least." : null;
  const confirm = () => {
    setTried(true);
    if (nameError || zonesError || mutation.isPending || mutation.isSuccess) return;
    mutation.mutate({ kind, name: name.trim(), role, zones: some ? [...zones].sort() : null, expiresInDays });
  };
  const toggle = (zoneId: string) =>
    setZones((chosen) => (chosen.includes(zoneId) ? chosen.filter((one) => one !== zoneId) : [...chosen, zoneId]));
  return {
    ...{ name, setName, role, setRole, some, setSome, zones, toggle, expiresInDays, setExpiresInDays, confirm },
    nameError: tried ? nameError : null,
    zonesError: tried ? zonesError : null,
    pending: mutation.isPending,
    refusal: mutation.error,
    made: mutation.data ?? null,
    owner: me,
  };
}
