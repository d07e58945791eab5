"use client";
import { type UseMutationOptions, useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { intentKey } from "@/components/fetch";

/** A sender that gives each request a key: the same words again have the same key until they came through. What came through is over. */
export function oneEffect<W, T>(send: (request: W, key: string) => Promise<T>, fresh = intentKey) {
  const keys = new Map<string, string>();
  return async (request: W, by = send): Promise<T> => {
    const words = JSON.stringify(request) ?? "";
    const key = keys.get(words) ?? fresh();
    keys.set(words, key);
    const value = await by(request, key);
    keys.delete(words);
    return value;
  };
}

/** Asks for an effect: a repeat after a lost answer has one effect, and the same words after an answer are another intent. */
export function useIntent<W, T>(
  send: (request: W, key: string) => Promise<T>,
  ends: Pick<UseMutationOptions<T, Error, W>, "onSuccess" | "onError" | "onSettled"> = {},
) {
  const [sent] = useState(() => oneEffect(send));
  return useMutation({ ...ends, mutationFn: (request: W) => sent(request, send) });
}
