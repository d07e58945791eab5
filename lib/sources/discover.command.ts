import { discoverCommand } from "./discover-command";

const { lines, exitCode } = await discoverCommand(process.argv.slice(2), process.env);
for (const line of lines) (exitCode === 2 ? console.error : console.log)(line);
process.exitCode = exitCode;
