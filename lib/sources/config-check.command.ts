import { checkFiles } from "../contracts/check";
import { checkCommand } from "./check-command";

const args = process.argv.slice(2);
const connect = args.includes("--connect");
const file = args.find((one) => !one.startsWith("-")) ?? process.env.ACCORD_CONFIG ?? "accord.yaml";

const files = await checkFiles(file, process.env);
for (const line of files.lines) console.log(line);
process.exitCode = files.exitCode;
if (connect && files.exitCode === 0) {
  const { lines, exitCode } = await checkCommand([], { ...process.env, ACCORD_CONFIG: file });
  for (const line of lines) console.log(line);
  process.exitCode = exitCode;
}
