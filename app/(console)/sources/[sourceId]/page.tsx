import { one } from "@/app/_server/needs";
import { page, titled } from "@/app/_server/page";
import { setUpQuery, sourceLagQuery, sourceQuery } from "@/components/sources/queries";
import { SourceScreen } from "@/components/sources/source-screen";
import { sourceRange } from "@/components/sources/words";
import { rangeOf } from "@/lib/range";
import { parseSourceId } from "@/lib/sources/input";
import { readSourceCheck } from "@/lib/sources/service";
import { parseSourceLag } from "@/lib/zones/input";
import { readSource, readSourceLag } from "@/lib/zones/source";

export const generateMetadata = titled<"sourceId">(({ sourceId }) => sourceId);

export default page<"sourceId">(({ sourceId: name }, search) => ({
  needs: [
    one(sourceQuery(name), parseSourceId, readSource, { sourceId: name }, ({ source, now }) => {
      const { sourceId } = source;
      const range = search.range !== undefined && rangeOf(search.range) ? search.range : sourceRange(source, now);
      return [
        one(sourceLagQuery(sourceId, range), parseSourceLag, readSourceLag, { sourceId, range }),
        one(setUpQuery(sourceId), parseSourceId, readSourceCheck, { sourceId }),
      ];
    }),
  ],
  screen: <SourceScreen sourceId={name} />,
}));
