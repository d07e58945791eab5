import type { Export } from "@/lib/audit/export";
import type { Parser } from "@/lib/parsing";
import type { WebCtx } from "./context";
import { type RouteHandler, read } from "./read";
import { write } from "./write";

/** A route handler that answers with a file, written while it is read; who goes away ends it. */
export function download<I>(parse: Parser<I>, verb: (ctx: WebCtx, input: I) => Promise<Export>): RouteHandler {
  const handler = write(parse, async (ctx, input) => fileOf(await verb(ctx, input)));
  return Object.assign(handler, { gives: "application/octet-stream" });
}

/** The same for a file that changes nothing and that everybody may read who may read what is in it: an address leads to it. */
export function fileRead<I>(parse: Parser<I>, verb: (ctx: WebCtx, input: I) => Promise<Export>): RouteHandler {
  const handler = read(parse, async (ctx, input) => fileOf(await verb(ctx, input)));
  return Object.assign(handler, { gives: "text/csv" });
}

/** The answer that hands out a file, a chunk whenever its reader wants one. */
export function fileOf({ fileName, contentType, chunks }: Export): Response {
  const source = chunks[Symbol.asyncIterator]();
  const encoder = new TextEncoder();
  const body = new ReadableStream<Uint8Array>({
    async pull(controller) {
      const { done, value } = await source.next();
      if (done) controller.close();
      else controller.enqueue(encoder.encode(value));
    },
    async cancel() {
      await source.return?.();
    },
  });
  return new Response(body, {
    headers: {
      "content-type": contentType,
      "content-disposition": `attachment; filename="${fileName}"`,
      "cache-control": "no-store",
    },
  });
}
