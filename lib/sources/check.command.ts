import { checkCommand } from "./check-command";

const { lines, exitCode } = await checkCommand(process.argv.slice(2), process.env);
for (const line of lines) (exitCode === 2 ? console.error : console.log)(line);
process.exitCode = exitCode;
