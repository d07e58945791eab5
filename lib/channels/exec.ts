import { execa } from "execa";
import { answerOf, type CallAnswer } from "../platform/answer.rules";
import type { ExecChannel } from "./rules";

/** Runs a channel's program with JSON on its standard input, without a shell and without this process's environment. It is killed when its time is over. */
export async function sendToProgram(channel: ExecChannel, said: unknown, stop?: AbortSignal): Promise<CallAnswer> {
  const [file, ...args] = channel.command;
  const run = await execa(file!, args, {
    input: JSON.stringify(said),
    ...{ reject: false, timeout: channel.timeoutMs, killSignal: "SIGKILL", extendEnv: false, env: { PATH: process.env.PATH } },
    ...{ stdout: "ignore", stderr: "ignore" },
    ...(stop ? { cancelSignal: stop } : {}),
  });
  if (run.exitCode === 0) return answerOf("requested", "ended with 0");
  if (run.isCanceled) return answerOf("unanswered", "was asked, and Accord stopped before it answered");
  if (run.timedOut) return answerOf("unanswered", `did not end within ${channel.timeoutMs / 1_000} s`);
  if (run.exitCode !== undefined) return answerOf("unanswered", `ended with ${run.exitCode}`);
  return run.signal
    ? answerOf("unanswered", `was ended by ${run.signal}`)
    : answerOf("unreached", `could not be started (${run.code ?? "no reason"})`);
}
