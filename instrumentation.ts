import type { Instrumentation } from "next";

/** Runs once when the server starts. What needs Node is apart, so that no other runtime is built with it. */
export async function register(): Promise<void> {
  if (process.env.NEXT_RUNTIME === "nodejs") (await import("./instrumentation-node")).start();
}

/** Logs what a page or a route threw and nobody answered for. */
export const onRequestError: Instrumentation.onRequestError = async (error, request, context) => {
  if (process.env.NEXT_RUNTIME === "nodejs") (await import("./instrumentation-node")).logFailure(error, request, context);
};
