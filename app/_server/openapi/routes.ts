// Written by `npm run api:table` from the folder of routes and the sentences above their verbs.
import * as approvals from "@/app/api/v1/approvals/route";
import * as approvalsApprovalId from "@/app/api/v1/approvals/[approvalId]/route";
import * as approvalsApprovalIdApprove from "@/app/api/v1/approvals/[approvalId]/approve/route";
import * as approvalsApprovalIdRefuse from "@/app/api/v1/approvals/[approvalId]/refuse/route";
import * as approvalsApprovalIdWithdraw from "@/app/api/v1/approvals/[approvalId]/withdraw/route";
import * as audit from "@/app/api/v1/audit/route";
import * as auditExport from "@/app/api/v1/audit/export/route";
import * as cases from "@/app/api/v1/cases/route";
import * as casesCaseId from "@/app/api/v1/cases/[caseId]/route";
import * as casesCaseIdAcknowledge from "@/app/api/v1/cases/[caseId]/acknowledge/route";
import * as casesCaseIdAssign from "@/app/api/v1/cases/[caseId]/assign/route";
import * as casesCaseIdComment from "@/app/api/v1/cases/[caseId]/comment/route";
import * as casesCaseIdReopen from "@/app/api/v1/cases/[caseId]/reopen/route";
import * as casesCaseIdResolve from "@/app/api/v1/cases/[caseId]/resolve/route";
import * as casesCaseIdSnooze from "@/app/api/v1/cases/[caseId]/snooze/route";
import * as casesCaseIdTick from "@/app/api/v1/cases/[caseId]/tick/route";
import * as deadLettersDiscard from "@/app/api/v1/dead-letters/discard/route";
import * as deadLettersGroups from "@/app/api/v1/dead-letters/groups/route";
import * as deadLettersGroupsGroupId from "@/app/api/v1/dead-letters/groups/[groupId]/route";
import * as deadLettersGroupsGroupIdMessages from "@/app/api/v1/dead-letters/groups/[groupId]/messages/route";
import * as deadLettersMessagesId from "@/app/api/v1/dead-letters/messages/[id]/route";
import * as deadLettersPreview from "@/app/api/v1/dead-letters/preview/route";
import * as deadLettersRetry from "@/app/api/v1/dead-letters/retry/route";
import * as deploys from "@/app/api/v1/deploys/route";
import * as divergences from "@/app/api/v1/divergences/route";
import * as divergencesDivergenceId from "@/app/api/v1/divergences/[divergenceId]/route";
import * as divergencesDivergenceIdRecheck from "@/app/api/v1/divergences/[divergenceId]/recheck/route";
import * as divergencesRules from "@/app/api/v1/divergences/rules/route";
import * as divergencesRulesZoneIdRuleRun from "@/app/api/v1/divergences/rules/[zoneId]/[rule]/run/route";
import * as events from "@/app/api/v1/events/route";
import * as find from "@/app/api/v1/find/route";
import * as keys from "@/app/api/v1/keys/route";
import * as me from "@/app/api/v1/me/route";
import * as mePassword from "@/app/api/v1/me/password/route";
import * as operations from "@/app/api/v1/operations/route";
import * as operationsOperationId from "@/app/api/v1/operations/[operationId]/route";
import * as operationsOperationIdCancel from "@/app/api/v1/operations/[operationId]/cancel/route";
import * as operationsOperationIdItems from "@/app/api/v1/operations/[operationId]/items/route";
import * as operationsOperationIdPause from "@/app/api/v1/operations/[operationId]/pause/route";
import * as operationsOperationIdResume from "@/app/api/v1/operations/[operationId]/resume/route";
import * as operators from "@/app/api/v1/operators/route";
import * as operatorsOperatorId from "@/app/api/v1/operators/[operatorId]/route";
import * as operatorsOperatorIdPassword from "@/app/api/v1/operators/[operatorId]/password/route";
import * as operatorsOperatorIdSessions from "@/app/api/v1/operators/[operatorId]/sessions/route";
import * as operatorsOperatorIdSessionsRevoke from "@/app/api/v1/operators/[operatorId]/sessions/revoke/route";
import * as operatorsNames from "@/app/api/v1/operators/names/route";
import * as sagaHoldsHoldId from "@/app/api/v1/saga-holds/[holdId]/route";
import * as sagas from "@/app/api/v1/sagas/route";
import * as sagasSourceIdSagaId from "@/app/api/v1/sagas/[sourceId]/[sagaId]/route";
import * as sagasHold from "@/app/api/v1/sagas/hold/route";
import * as sagasPreview from "@/app/api/v1/sagas/preview/route";
import * as sagasRelease from "@/app/api/v1/sagas/release/route";
import * as sagasSuccess from "@/app/api/v1/sagas/success/route";
import * as sessionsSessionIdRevoke from "@/app/api/v1/sessions/[sessionId]/revoke/route";
import * as sources from "@/app/api/v1/sources/route";
import * as tokens from "@/app/api/v1/tokens/route";
import * as tokensTokenIdRevoke from "@/app/api/v1/tokens/[tokenId]/revoke/route";
import * as waiting from "@/app/api/v1/waiting/route";
import * as zones from "@/app/api/v1/zones/route";
import * as zonesZoneId from "@/app/api/v1/zones/[zoneId]/route";
import * as zonesZoneIdActivity from "@/app/api/v1/zones/[zoneId]/activity/route";
import * as zonesZoneIdCharts from "@/app/api/v1/zones/[zoneId]/charts/route";
import * as zonesZoneIdContract from "@/app/api/v1/zones/[zoneId]/contract/route";
import * as zonesZoneIdContractRevisionsRevision from "@/app/api/v1/zones/[zoneId]/contract/revisions/[revision]/route";
import * as zonesZoneIdKeys from "@/app/api/v1/zones/[zoneId]/keys/route";
import type { ApiRoute } from "./document";

/** Every route of the API, in the order of their addresses. */
export const apiRoutes: readonly ApiRoute[] = [
  { path: "approvals", method: "GET", door: approvals.GET, name: "listApprovals", purpose: "A page of what was asked for in the actor's zones, the newest first." },
  { path: "approvals/[approvalId]", method: "GET", door: approvalsApprovalId.GET, name: "readApproval", purpose: "One request for a further person: what it is for, who asked, and who said what." },
  { path: "approvals/[approvalId]/approve", method: "POST", door: approvalsApprovalIdApprove.POST, name: "approve", purpose: "Says yes, as a further person in all its zones; with the last one that is needed it is carried out, in the same transaction." },
  { path: "approvals/[approvalId]/refuse", method: "POST", door: approvalsApprovalIdRefuse.POST, name: "refuse", purpose: "Says no: what was asked for is dropped, and what it held is free." },
  { path: "approvals/[approvalId]/withdraw", method: "POST", door: approvalsApprovalIdWithdraw.POST, name: "withdraw", purpose: "Takes a wish back, by who asked for it; what it held is free." },
  { path: "audit", method: "GET", door: audit.GET, name: "listAudit", purpose: "The audit, newest first. Who is limited to zones sees their entries and what they did themselves, and of an entry's zones only their own." },
  { path: "audit/export", method: "POST", door: auditExport.POST, name: "exportAudit", purpose: "The audit as a file, newest first: what the list shows to the same reader, as of now, up to 100,000 entries. The last line says whether that is all. Every export is itself an entry." },
  { path: "cases", method: "GET", door: cases.GET, name: "listCases", purpose: "A page of cases in the actor's zones: what is due first, or the resolved ones, the latest first." },
  { path: "cases", method: "POST", door: cases.POST, name: "openCase", purpose: "Opens a case by hand in a zone, over a business key where there is one. The same key again is the same case." },
  { path: "cases/[caseId]", method: "GET", door: casesCaseId.GET, name: "readCase", purpose: "One case: what is true, what differs, its runbook, its history, and how it may be resolved. A permanent link." },
  { path: "cases/[caseId]/acknowledge", method: "POST", door: casesCaseIdAcknowledge.POST, name: "acknowledgeCase", purpose: "Says that somebody looks at it." },
  { path: "cases/[caseId]/assign", method: "POST", door: casesCaseIdAssign.POST, name: "assignCase", purpose: "Takes a case, gives it to an operator of its zone, or gives it back. Who takes it second is told who was first." },
  { path: "cases/[caseId]/comment", method: "POST", door: casesCaseIdComment.POST, name: "commentCase", purpose: "Adds a note to the history; it is never edited." },
  { path: "cases/[caseId]/reopen", method: "POST", door: casesCaseIdReopen.POST, name: "reopenCase", purpose: "Opens a resolved case again, with a new due time." },
  { path: "cases/[caseId]/resolve", method: "POST", door: casesCaseIdResolve.POST, name: "resolveCase", purpose: "Resolves a case, in which way and why. An accepted difference asks for a second person instead, and ends then." },
  { path: "cases/[caseId]/snooze", method: "POST", door: casesCaseIdSnooze.POST, name: "snoozeCase", purpose: "Puts a case aside until then, at most for a week; it wakes by itself, sooner when it gets due." },
  { path: "cases/[caseId]/tick", method: "POST", door: casesCaseIdTick.POST, name: "tickCase", purpose: "Ticks a step of the runbook, or takes the tick back." },
  { path: "dead-letters/discard", method: "POST", door: deadLettersDiscard.POST, name: "requestDiscard", purpose: "Asks to discard what was selected: it stays parked nowhere, and counts as unresolved no more. The same key again is the same operation." },
  { path: "dead-letters/groups", method: "GET", door: deadLettersGroups.GET, name: "listGroups", purpose: "Groups in the actor's zones that match, the largest first, with their last hour." },
  { path: "dead-letters/groups/[groupId]", method: "GET", door: deadLettersGroupsGroupId.GET, name: "readGroup", purpose: "One group with what an operator needs before a retry." },
  { path: "dead-letters/groups/[groupId]/messages", method: "GET", door: deadLettersGroupsGroupIdMessages.GET, name: "listMessages", purpose: "A page of a group's messages, the newest first." },
  { path: "dead-letters/messages/[id]", method: "GET", door: deadLettersMessagesId.GET, name: "readMessage", purpose: "One message whole: payload, headers, stack and attempts, masked as its zones' contracts say." },
  { path: "dead-letters/preview", method: "POST", door: deadLettersPreview.POST, name: "preview", purpose: "What a retry or discard of this selection would do now: how many, to whom, who receives nothing, what is left out and why. Changes nothing." },
  { path: "dead-letters/retry", method: "POST", door: deadLettersRetry.POST, name: "requestRetry", purpose: "Asks for a retry of what was selected, as it is parked now. The same key again is the same operation." },
  { path: "deploys", method: "POST", door: deploys.POST, name: "markDeploy", purpose: "Marks a deploy or rollback on the charts of every zone that it touches, in place of what was made out from the data. The same key again is the same mark." },
  { path: "divergences", method: "GET", door: divergences.GET, name: "listDivergences", purpose: "A page of divergences across the zones that the actor may see; the oldest first, what is resolved newest first." },
  { path: "divergences/[divergenceId]", method: "GET", door: divergencesDivergenceId.GET, name: "readDivergence", purpose: "One divergence: both sides side by side, and what looking at it found." },
  { path: "divergences/[divergenceId]/recheck", method: "POST", door: divergencesDivergenceIdRecheck.POST, name: "requestRecheck", purpose: "Asks that a divergence be looked at at once; asked again it is the same wish." },
  { path: "divergences/rules", method: "GET", door: divergencesRules.GET, name: "readRules", purpose: "How the rules of one zone, or of all that the actor sees, go: schedule, last run, what it covered, and what is wrong." },
  { path: "divergences/rules/[zoneId]/[rule]/run", method: "POST", door: divergencesRulesZoneIdRuleRun.POST, name: "requestRun", purpose: "Asks that a rule be run at once; the same key again is the same wish." },
  { path: "events", method: "GET", door: events.GET, name: "liveEvents", purpose: "A stream of server-sent events that names what changed (`change` with a list such as `[\"zones\"]`), so that it can be read again. It carries no rows: what may be seen is for each read to say." },
  { path: "find", method: "GET", door: find.GET, name: "findAnything", purpose: "What a pasted id or a typed name leads to, in the zones of who asks: a hit in another zone does not exist. One round of small look-ups, each along an index and at most a handful of rows." },
  { path: "keys", method: "GET", door: keys.GET, name: "readKey", purpose: "Everything that Accord knows of a business key, in the zones of who asks: what is open, what went wrong before, what people did, and at which service. A key of another zone and no key are the same answer." },
  { path: "me", method: "GET", door: me.GET, name: "me", purpose: "Who looks, and at which environment, which every screen names." },
  { path: "me/password", method: "POST", door: mePassword.POST, name: "changePassword", purpose: "Changes one's own password, given the present one, and ends one's other sessions." },
  { path: "operations", method: "GET", door: operations.GET, name: "listOperations", purpose: "A page of operations in the actor's zones, the newest first." },
  { path: "operations/[operationId]", method: "GET", door: operationsOperationId.GET, name: "readOperation", purpose: "One operation: progress, outcomes, what is off track, and the record. A permanent link." },
  { path: "operations/[operationId]/cancel", method: "POST", door: operationsOperationIdCancel.POST, name: "cancelOperation", purpose: "Gives up what was not sent: those messages stay parked and are free. What was delivered stays delivered." },
  { path: "operations/[operationId]/items", method: "GET", door: operationsOperationIdItems.GET, name: "listItems", purpose: "A page of an operation's items, of one outcome if asked for." },
  { path: "operations/[operationId]/pause", method: "POST", door: operationsOperationIdPause.POST, name: "pauseOperation", purpose: "Nothing new is sent until it is resumed; what is on its way goes on." },
  { path: "operations/[operationId]/resume", method: "POST", door: operationsOperationIdResume.POST, name: "resumeOperation", purpose: "Goes on with what waits." },
  { path: "operators", method: "GET", door: operators.GET, name: "listOperators", purpose: "Everybody with role, zones and last visit; administrators only, since it lists e-mail addresses." },
  { path: "operators", method: "POST", door: operators.POST, name: "inviteOperator", purpose: "Adds a person; administrators only. The password is generated, given once, and null for who signs in elsewhere." },
  { path: "operators/[operatorId]", method: "POST", door: operatorsOperatorId.POST, name: "changeOperator", purpose: "Changes name, role, zones or whether a person may sign in; administrators only. Effective with the person's next request." },
  { path: "operators/[operatorId]/password", method: "POST", door: operatorsOperatorIdPassword.POST, name: "resetPassword", purpose: "Gives a person a new password, shown once, and ends their sessions; administrators only." },
  { path: "operators/[operatorId]/sessions", method: "GET", door: operatorsOperatorIdSessions.GET, name: "listSessions", purpose: "A person's open sessions: one's own, or anybody's for an administrator." },
  { path: "operators/[operatorId]/sessions/revoke", method: "POST", door: operatorsOperatorIdSessionsRevoke.POST, name: "revokeSessionsOf", purpose: "Ends all of a person's sessions; administrators only." },
  { path: "operators/names", method: "GET", door: operatorsNames.GET, name: "listNames", purpose: "Active people by name, to assign work to; for everybody who is signed in." },
  { path: "saga-holds/[holdId]", method: "GET", door: sagaHoldsHoldId.GET, name: "readHold", purpose: "What came of a wish so far, as the sources say." },
  { path: "sagas", method: "GET", door: sagas.GET, name: "listSagas", purpose: "Sagas in the actor's zones that match, nearest deadline first; and all that need somebody, by type and step." },
  { path: "sagas/[sourceId]/[sagaId]", method: "GET", door: sagasSourceIdSagaId.GET, name: "readSaga", purpose: "One saga: its steps with what reverses each, what it waits for, and what people wished of it." },
  { path: "sagas/hold", method: "POST", door: sagasHold.POST, name: "requestHold", purpose: "Asks to hold the compensations of what was selected for some time; their sources are told by a worker. The same key again is the same wish." },
  { path: "sagas/preview", method: "POST", door: sagasPreview.POST, name: "previewHold", purpose: "What a hold of this selection would do now: over how many, when the first would compensate, what has begun. Changes nothing." },
  { path: "sagas/release", method: "POST", door: sagasRelease.POST, name: "requestRelease", purpose: "Asks to let compensations go, of what was selected or of what one hold did, where that still stands. The same key again is the same wish." },
  { path: "sagas/success", method: "GET", door: sagasSuccess.GET, name: "readSuccess", purpose: "How compensations ended per zone and step in a span, with those that are open and late beside." },
  { path: "sessions/[sessionId]/revoke", method: "POST", door: sessionsSessionIdRevoke.POST, name: "revokeSession", purpose: "Ends a session: one's own freely, another's as an administrator. It counts for nothing from the next request on." },
  { path: "sources", method: "GET", door: sources.GET, name: "readSources", purpose: "Every source with how fresh it is, what is wrong with it, and what it has open; the workers; and what is wrong with the files." },
  { path: "tokens", method: "GET", door: tokens.GET, name: "listTokens", purpose: "One's own tokens, and those of services for administrators." },
  { path: "tokens", method: "POST", door: tokens.POST, name: "createToken", purpose: "Makes a token and shows its secret this once: a personal one for whoever is signed in, a service's for administrators. The same key again is the same token, without its secret." },
  { path: "tokens/[tokenId]/revoke", method: "POST", door: tokensTokenIdRevoke.POST, name: "revokeToken", purpose: "Ends a token: one's own freely, another's as an administrator. It opens nothing from the next request on." },
  { path: "waiting", method: "GET", door: waiting.GET, name: "readWaiting", purpose: "What waits for the person who asks: decisions that they may give, cases that they have, cases that nobody has acknowledged." },
  { path: "zones", method: "GET", door: zones.GET, name: "readZones", purpose: "Every zone that the actor may see, worst first, with the last hour: what the overview shows. Small reads, whatever the history." },
  { path: "zones/[zoneId]", method: "GET", door: zonesZoneId.GET, name: "readZone", purpose: "One zone: sentence, keys by age, what is wrong now, its contract, and what happened." },
  { path: "zones/[zoneId]/activity", method: "GET", door: zonesZoneIdActivity.GET, name: "readZoneActivity", purpose: "What happened in a zone, newest first: what people did or were refused, how operations ended, changes of verdict, and deploys." },
  { path: "zones/[zoneId]/charts", method: "GET", door: zonesZoneIdCharts.GET, name: "readZoneCharts", purpose: "A zone's charts over a range; every series on the same steps, so that one crosshair reads them all." },
  { path: "zones/[zoneId]/contract", method: "GET", door: zonesZoneIdContract.GET, name: "readContractTab", purpose: "A zone's contract with its text, its warnings, its revisions and when each of them was applied." },
  { path: "zones/[zoneId]/contract/revisions/[revision]", method: "GET", door: zonesZoneIdContractRevisionsRevision.GET, name: "readContractRevision", purpose: "The text of one revision, to be compared with another." },
  { path: "zones/[zoneId]/keys", method: "GET", door: zonesZoneIdKeys.GET, name: "readZoneKeys", purpose: "The unresolved keys of a zone, the oldest first, with what keeps each from converging: the rows behind its numbers." },
];
