import { readdir, readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { promisify } from "node:util";
import { brotliCompress, constants } from "node:zlib";
import { root } from "./root";

const brotli = promisify(brotliCompress);

/** Packs the scripts and styles of the built pages as small as they get, each into a file beside it: once a build, not once a visit. */
export async function packPages(folder = path.join(root, ".next/static")): Promise<void> {
  const files = (await readdir(folder, { recursive: true })).filter((file) => /\.(js|css)$/.test(file));
  await Promise.all(
    files.map(async (file) => {
      const text = await readFile(path.join(folder, file));
      await writeFile(
        path.join(folder, `${file}.br`),
        await brotli(text, { params: { [constants.BROTLI_PARAM_SIZE_HINT]: text.length } }),
      );
    }),
  );
}
