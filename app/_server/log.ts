import pino from "pino";

/** The web process's log: one JSON object a line. Nothing that a person typed belongs in it. */
export const log = pino({
  level: process.env.LOG_LEVEL ?? "info",
  base: { process: "web" },
  timestamp: pino.stdTimeFunctions.isoTime,
});
