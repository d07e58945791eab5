import { one } from "@/app/_server/needs";
import { page, titled } from "@/app/_server/page";
import { AlertScreen } from "@/components/alerts/alert-screen";
import { alertQuery } from "@/components/alerts/queries";
import { readAlert } from "@/lib/alerting/one-alert";
import { parseAlertId } from "@/lib/alerts/input";

export const generateMetadata = titled<"alertId">(({ alertId }) => `ALERT-${alertId}`);

export default page<"alertId">((names) => ({
  needs: [one(alertQuery(names.alertId), parseAlertId, readAlert, names)],
  screen: <AlertScreen {...names} />,
}));
