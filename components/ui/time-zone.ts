"use client";
import { writeTimesIn } from "./format";
import { keptChoice } from "./kept";

/** Which zone this browser reads times in: its own, or UTC. */
export const timeZone = keptChoice("accord-time-zone", ["browser", "utc"], "browser", (zone) =>
  writeTimesIn(zone === "utc" ? "UTC" : undefined),
);
