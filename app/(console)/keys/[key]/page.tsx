import { list } from "@/app/_server/needs";
import { page, titled } from "@/app/_server/page";
import { KeyScreen } from "@/components/timeline/key-screen";
import { keyQuery } from "@/components/timeline/queries";
import { parseKey } from "@/lib/timeline/input";
import { readKey } from "@/lib/timeline/service";

export const generateMetadata = titled<"key">(({ key }) => key);

export default page<"key">((names) => ({
  needs: [list(keyQuery(names.key), parseKey, readKey, names)],
  screen: <KeyScreen businessKey={names.key} />,
}));
