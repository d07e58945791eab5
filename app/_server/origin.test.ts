import { afterEach, expect, test, vi } from "vitest";
import { refuseForeign } from "./origin";

afterEach(() => {
  vi.unstubAllEnvs();
});

const from = (origin: string, host = "accord.example") => {
  try {
    refuseForeign(new Headers({ origin, host }));
    return "ours";
  } catch {
    return "foreign";
  }
};

test("S18: where people reach Accord by https, a page that came without it is not ours, whatever host it names", () => {
  vi.stubEnv("NEXTAUTH_URL", "https://accord.example");
  expect(from("https://accord.example")).toBe("ours");
  expect(from("http://accord.example")).toBe("foreign");
  // By another name of the same server, asked directly: its pages came by https as well.
  expect(from("https://accord.internal", "accord.internal")).toBe("ours");
  expect(from("http://accord.internal", "accord.internal")).toBe("foreign");
});

test("S18: without https the address that is set counts, and the host that was asked", () => {
  vi.stubEnv("NEXTAUTH_URL", "http://localhost:3000");
  expect(from("http://localhost:3000", "127.0.0.1:3000")).toBe("ours");
  expect(from("http://127.0.0.1:3000", "127.0.0.1:3000")).toBe("ours");
  expect(from("http://evil.example", "127.0.0.1:3000")).toBe("foreign");
});
