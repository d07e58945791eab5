import { write } from "@/app/_server/write";
import { parsePasswordChange } from "@/lib/operators/input";
import { changePassword } from "@/lib/operators/service";

export const POST = write(parsePasswordChange, changePassword, { early: true });
