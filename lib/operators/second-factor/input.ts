import { z } from "zod";
import { type Parser, parserOf, requestKey } from "../../parsing";
import { passwordLength } from "../rules";

const key = requestKey.optional();
const password = z.string().max(passwordLength.max).optional();
const code = z.string().trim().min(6, "is six digits, or a recovery code").max(60);

/** A second factor to begin, from outside; the present password of who has to show one. */
export const parseFactorStart: Parser<{ password?: string; key?: string }> = parserOf(z.strictObject({ password, key }));
/** The first code of a new authenticator, from outside. */
export const parseFactorCode: Parser<{ code: string; key?: string }> = parserOf(z.strictObject({ code, key }));
/** One's own second factor to take away, from outside. */
export const parseFactorEnd: Parser<{ password?: string; code: string; key?: string }> = parserOf(
  z.strictObject({ password, code, key }),
);
