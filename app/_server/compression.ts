import { ServerResponse } from "node:http";

/**
 * Lets Next compress what route handlers answer. Next hands their headers on as lists of one, and its compression, which asks for the kind of
 * content, knows texts only: without this it leaves every answer of the API as it is.
 */
export function letAnswersBeCompressed(): void {
  const { setHeader } = ServerResponse.prototype;
  ServerResponse.prototype.setHeader = function (name, value) {
    const isLone = Array.isArray(value) && value.length === 1 && name.toLowerCase() === "content-type";
    return setHeader.call(this, name, isLone ? value[0]! : value);
  };
}
