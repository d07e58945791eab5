import { intentKey, Refused } from "./fetch";

/** Asks for a file and hands it to the browser to keep; a refusal in words when there is none. */
export async function saveFile(path: string, body: object): Promise<void> {
  const response = await fetch(path, {
    method: "POST",
    headers: { "content-type": "application/json", "idempotency-key": intentKey() },
    body: JSON.stringify(body),
  }).catch(() => {
    throw new Refused("unreachable", "Accord cannot be reached from this browser.");
  });
  if (!response.ok) {
    const answer = await response.json().catch(() => null);
    throw new Refused(answer?.refusal?.kind ?? "unavailable", answer?.refusal?.message ?? `Accord answered ${response.status}.`);
  }
  const url = URL.createObjectURL(await response.blob());
  const link = document.createElement("a");
  link.href = url;
  link.download = /filename="([^"]+)"/.exec(response.headers.get("content-disposition") ?? "")?.[1] ?? "accord";
  link.click();
  URL.revokeObjectURL(url);
}
