import type { Path } from "./path.rules";
import type { PublicSource } from "./rules";

/** What the linter says, and where in which contract. An error makes a contract void, a warning makes it weak. */
export type Finding = { contract: number; path: Path; message: string; severity: "error" | "warning" };

/** Notes one finding about the contract at hand. */
export type Add = (severity: Finding["severity"], path: Path, message: string) => void;

/** What the linter knows of the sources; no address. */
export type Sources = readonly PublicSource[];
