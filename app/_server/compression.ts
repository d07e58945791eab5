import { subscribe } from "node:diagnostics_channel";
import { readdirSync } from "node:fs";
import { type IncomingMessage, ServerResponse } from "node:http";
import path from "node:path";

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

const types: Record<string, string> = { ".js": "text/javascript; charset=utf-8", ".css": "text/css; charset=utf-8" };

/**
 * Has the scripts and styles of the pages go out as the build packed them (lib/launch/pack.ts), to who takes them so: the file beside is
 * served in the place of the one that was asked for. Next packs them anew for every visit, by a method that takes a sixth more.
 */
export function servePacked(folder = path.join(process.cwd(), ".next/static")): void {
  const packed = packedIn(folder);
  subscribe("http.server.request.start", (message) => {
    const { request, response } = message as { request: IncomingMessage; response: ServerResponse };
    const { url = "" } = request;
    if (!packed.has(url)) return;
    response.setHeader("vary", "Accept-Encoding");
    if (!/\bbr\b/.test(String(request.headers["accept-encoding"] ?? ""))) return;
    request.url = `${url}.br`;
    response.setHeader("content-type", types[path.extname(url)]!);
    response.setHeader("content-encoding", "br");
  });
}

/** The addresses of files that have a packed one beside them; a development server has none. */
function packedIn(folder: string): ReadonlySet<string> {
  try {
    const files = readdirSync(folder, { recursive: true, encoding: "utf8" });
    const of = (file: string) => `/_next/static/${file.slice(0, -".br".length).split(path.sep).join("/")}`;
    return new Set(files.filter((file) => /\.(js|css)\.br$/.test(file)).map(of));
  } catch {
    return new Set();
  }
}
