import { version } from "@/package.json";
import { answer } from "../answer";
import { contextOf } from "../context";
import { sessionCookie } from "../cookie";
import { openApiDocument } from "./document";
import { apiRoutes } from "./routes";

let made: string | null = null;

/** The API's own description, for whoever may use it. */
export const openApi = (request: Request): Promise<Response> =>
  answer(request, async () => {
    await contextOf(request.headers);
    made ??= JSON.stringify(openApiDocument(apiRoutes, { cookie: sessionCookie().name, version }));
    return new Response(made, { headers: { "content-type": "application/json", "cache-control": "no-store" } });
  });
