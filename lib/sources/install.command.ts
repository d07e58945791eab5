import { installSource } from "./install";

const { line, exitCode } = await installSource(process.argv.slice(2), process.env);
(exitCode === 0 ? console.log : console.error)(line);
process.exitCode = exitCode;
