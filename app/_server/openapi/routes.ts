// One line a route, so that the file is read as the table that it is.
import * as alerts from "@/app/api/v1/alerts/route";
import * as alertsAlertId from "@/app/api/v1/alerts/[alertId]/route";
import * as alertsAlertIdAcknowledge from "@/app/api/v1/alerts/[alertId]/acknowledge/route";
import * as alertsBell from "@/app/api/v1/alerts/bell/route";
import * as alertsPaged from "@/app/api/v1/alerts/paged/route";
import * as alertsReplay from "@/app/api/v1/alerts/replay/route";
import * as alertsSilences from "@/app/api/v1/alerts/silences/route";
import * as alertsSilencesSilenceIdEnd from "@/app/api/v1/alerts/silences/[silenceId]/end/route";
import * as approvals from "@/app/api/v1/approvals/route";
import * as approvalsApprovalId from "@/app/api/v1/approvals/[approvalId]/route";
import * as approvalsApprovalIdApprove from "@/app/api/v1/approvals/[approvalId]/approve/route";
import * as approvalsApprovalIdRefuse from "@/app/api/v1/approvals/[approvalId]/refuse/route";
import * as approvalsApprovalIdWithdraw from "@/app/api/v1/approvals/[approvalId]/withdraw/route";
import * as audit from "@/app/api/v1/audit/route";
import * as auditExport from "@/app/api/v1/audit/export/route";
import * as cases from "@/app/api/v1/cases/route";
import * as casesBulkPreview from "@/app/api/v1/cases/bulk/preview/route";
import * as casesBulk from "@/app/api/v1/cases/bulk/route";
import * as casesCaseId from "@/app/api/v1/cases/[caseId]/route";
import * as casesCaseIdAcknowledge from "@/app/api/v1/cases/[caseId]/acknowledge/route";
import * as casesCaseIdAssign from "@/app/api/v1/cases/[caseId]/assign/route";
import * as casesCaseIdComment from "@/app/api/v1/cases/[caseId]/comment/route";
import * as casesCaseIdReopen from "@/app/api/v1/cases/[caseId]/reopen/route";
import * as casesCaseIdResolve from "@/app/api/v1/cases/[caseId]/resolve/route";
import * as casesCaseIdSnooze from "@/app/api/v1/cases/[caseId]/snooze/route";
import * as casesCaseIdTick from "@/app/api/v1/cases/[caseId]/tick/route";
import * as channels from "@/app/api/v1/channels/route";
import * as channelsChannelRejoin from "@/app/api/v1/channels/[channel]/rejoin/route";
import * as channelsChannelTest from "@/app/api/v1/channels/[channel]/test/route";
import * as channelsTrouble from "@/app/api/v1/channels/trouble/route";
import * as deadLettersDiscard from "@/app/api/v1/dead-letters/discard/route";
import * as deadLettersExport from "@/app/api/v1/dead-letters/export/route";
import * as deadLettersFacets from "@/app/api/v1/dead-letters/facets/route";
import * as deadLettersGroups from "@/app/api/v1/dead-letters/groups/route";
import * as deadLettersForecastsForecastId from "@/app/api/v1/dead-letters/forecasts/[forecastId]/route";
import * as deadLettersGrouped from "@/app/api/v1/dead-letters/grouped/route";
import * as deadLettersGroupsGroupId from "@/app/api/v1/dead-letters/groups/[groupId]/route";
import * as deadLettersGroupsGroupIdAssign from "@/app/api/v1/dead-letters/groups/[groupId]/assign/route";
import * as deadLettersGroupsGroupIdMerge from "@/app/api/v1/dead-letters/groups/[groupId]/merge/route";
import * as deadLettersGroupsGroupIdMessages from "@/app/api/v1/dead-letters/groups/[groupId]/messages/route";
import * as deadLettersGroupsGroupIdNote from "@/app/api/v1/dead-letters/groups/[groupId]/note/route";
import * as deadLettersGroupsGroupIdReadiness from "@/app/api/v1/dead-letters/groups/[groupId]/readiness/route";
import * as deadLettersGroupsGroupIdSplit from "@/app/api/v1/dead-letters/groups/[groupId]/split/route";
import * as deadLettersGroupsGroupIdState from "@/app/api/v1/dead-letters/groups/[groupId]/state/route";
import * as deadLettersGroupsGroupIdTicket from "@/app/api/v1/dead-letters/groups/[groupId]/ticket/route";
import * as deadLettersGroupsGroupIdUndo from "@/app/api/v1/dead-letters/groups/[groupId]/undo/route";
import * as deadLettersMessages from "@/app/api/v1/dead-letters/messages/route";
import * as deadLettersMessagesId from "@/app/api/v1/dead-letters/messages/[id]/route";
import * as deadLettersEditPreview from "@/app/api/v1/dead-letters/edit/preview/route";
import * as deadLettersEdit from "@/app/api/v1/dead-letters/edit/route";
import * as deadLettersMessagesIdPayload from "@/app/api/v1/dead-letters/messages/[id]/payload/route";
import * as deadLettersMessagesIdReveal from "@/app/api/v1/dead-letters/messages/[id]/reveal/route";
import * as deadLettersPreview from "@/app/api/v1/dead-letters/preview/route";
import * as deadLettersResolve from "@/app/api/v1/dead-letters/resolve/route";
import * as deadLettersRetry from "@/app/api/v1/dead-letters/retry/route";
import * as deadLettersTakeBack from "@/app/api/v1/dead-letters/take-back/route";
import * as deadLettersViews from "@/app/api/v1/dead-letters/views/route";
import * as deadLettersViewsViewIdRemove from "@/app/api/v1/dead-letters/views/[viewId]/remove/route";
import * as deploys from "@/app/api/v1/deploys/route";
import * as discovery from "@/app/api/v1/discovery/route";
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
import * as meSecondFactor from "@/app/api/v1/me/second-factor/route";
import * as meSecondFactorConfirm from "@/app/api/v1/me/second-factor/confirm/route";
import * as meSecondFactorRemove from "@/app/api/v1/me/second-factor/remove/route";
import * as notifications from "@/app/api/v1/notifications/route";
import * as notificationsNotificationId from "@/app/api/v1/notifications/[notificationId]/route";
import * as notificationsNotificationIdRetry from "@/app/api/v1/notifications/[notificationId]/retry/route";
import * as operations from "@/app/api/v1/operations/route";
import * as operationsOperationId from "@/app/api/v1/operations/[operationId]/route";
import * as operationsOperationIdCancel from "@/app/api/v1/operations/[operationId]/cancel/route";
import * as operationsOperationIdChange from "@/app/api/v1/operations/[operationId]/change/route";
import * as operationsOperationIdContinue from "@/app/api/v1/operations/[operationId]/continue/route";
import * as operationsOperationIdItems from "@/app/api/v1/operations/[operationId]/items/route";
import * as operationsOperationIdPause from "@/app/api/v1/operations/[operationId]/pause/route";
import * as operationsOperationIdProof from "@/app/api/v1/operations/[operationId]/proof/route";
import * as operationsOperationIdResume from "@/app/api/v1/operations/[operationId]/resume/route";
import * as operationsOperationIdEdited from "@/app/api/v1/operations/[operationId]/edited/route";
import * as operationsOperationIdRetryFailed from "@/app/api/v1/operations/[operationId]/retry-failed/route";
import * as operationsOperationIdUndo from "@/app/api/v1/operations/[operationId]/undo/route";
import * as operators from "@/app/api/v1/operators/route";
import * as operatorsOperatorId from "@/app/api/v1/operators/[operatorId]/route";
import * as operatorsOperatorIdPassword from "@/app/api/v1/operators/[operatorId]/password/route";
import * as operatorsOperatorIdSecondFactorRemove from "@/app/api/v1/operators/[operatorId]/second-factor/remove/route";
import * as operatorsOperatorIdSessions from "@/app/api/v1/operators/[operatorId]/sessions/route";
import * as operatorsOperatorIdSessionsRevoke from "@/app/api/v1/operators/[operatorId]/sessions/revoke/route";
import * as operatorsNames from "@/app/api/v1/operators/names/route";
import * as sagaHoldsHoldId from "@/app/api/v1/saga-holds/[holdId]/route";
import * as promises from "@/app/api/v1/promises/route";
import * as promisesCsv from "@/app/api/v1/promises/csv/route";
import * as sagas from "@/app/api/v1/sagas/route";
import * as sagasSourceIdSagaId from "@/app/api/v1/sagas/[sourceId]/[sagaId]/route";
import * as sagasHold from "@/app/api/v1/sagas/hold/route";
import * as sagasPreview from "@/app/api/v1/sagas/preview/route";
import * as sagasRelease from "@/app/api/v1/sagas/release/route";
import * as sagasSuccess from "@/app/api/v1/sagas/success/route";
import * as sessionsSessionIdRevoke from "@/app/api/v1/sessions/[sessionId]/revoke/route";
import * as sources from "@/app/api/v1/sources/route";
import * as sourcesSourceId from "@/app/api/v1/sources/[sourceId]/route";
import * as sourcesSourceIdCheck from "@/app/api/v1/sources/[sourceId]/check/route";
import * as sourcesSourceIdLag from "@/app/api/v1/sources/[sourceId]/lag/route";
import * as tokens from "@/app/api/v1/tokens/route";
import * as tokensTokenIdRevoke from "@/app/api/v1/tokens/[tokenId]/revoke/route";
import * as waiting from "@/app/api/v1/waiting/route";
import * as zoneTrends from "@/app/api/v1/zone-trends/route";
import * as zones from "@/app/api/v1/zones/route";
import * as zonesZoneId from "@/app/api/v1/zones/[zoneId]/route";
import * as zonesZoneIdActivity from "@/app/api/v1/zones/[zoneId]/activity/route";
import * as zonesZoneIdCharts from "@/app/api/v1/zones/[zoneId]/charts/route";
import * as zonesZoneIdContract from "@/app/api/v1/zones/[zoneId]/contract/route";
import * as zonesZoneIdContractRevisionsRevision from "@/app/api/v1/zones/[zoneId]/contract/revisions/[revision]/route";
import * as zonesZoneIdKeys from "@/app/api/v1/zones/[zoneId]/keys/route";
import * as zonesZoneIdObjective from "@/app/api/v1/zones/[zoneId]/objective/route";
import * as zonesZoneIdUndelivered from "@/app/api/v1/zones/[zoneId]/undelivered/export/route";
import * as answers from "./answers";
import { type ApiRoute, route } from "./route";

/** Every route of the API, in the order of their addresses. */
export const apiRoutes: readonly ApiRoute[] = [
  route("GET", "alerts", alerts.GET, "listAlerts", "Alerts of the actor's zones: what is open, or a page of what is over, the latest first; with silences, and conditions that cannot be evaluated.", answers.alerts.alerts),
  route("GET", "alerts/[alertId]", alertsAlertId.GET, "readAlert", "One alert: what it says, what happened to it, and what helps. A permanent link.", answers.alerts.oneAlert),
  route("POST", "alerts/[alertId]/acknowledge", alertsAlertIdAcknowledge.POST, "acknowledgeAlert", "Says that somebody looks at it: nobody is told further. Who comes second is told who was first.", answers.alerts.acknowledged),
  route("GET", "alerts/bell", alertsBell.GET, "readBell", "What is raised in the actor's zones and nobody took, unless nobody is told of it.", answers.alerts.bell),
  route("GET", "alerts/paged", alertsPaged.GET, "readPaged", "The page that the actor may take and nobody took: whose it was, through what it was told and when, and whom it is told further. Null where there is none.", answers.alerts.paged),
  route("GET", "alerts/replay", alertsReplay.GET, "replayCondition", "When a condition would have been raised in a zone over the last seven days, from the readings that alerts are raised by. Changes nothing.", answers.alerts.replay),
  route("POST", "alerts/silences", alertsSilences.POST, "addSilence", "Lets nobody be told of a zone, a condition or a cause until a time; planned ahead it is maintenance. Changes no verdict.", answers.alerts.silenced),
  route("POST", "alerts/silences/[silenceId]/end", alertsSilencesSilenceIdEnd.POST, "endSilence", "Ends a silence before its time.", answers.alerts.silenced),
  route("GET", "approvals", approvals.GET, "listApprovals", "A page of what was asked for in the actor's zones, the newest first.", answers.decisions.approvals),
  route("GET", "approvals/[approvalId]", approvalsApprovalId.GET, "readApproval", "One request for a further person: what it is for, who asked, and who said what.", answers.decisions.oneApproval),
  route("POST", "approvals/[approvalId]/approve", approvalsApprovalIdApprove.POST, "approve", "Says yes, as a further person in all its zones; with the last one that is needed it is carried out, in the same transaction.", answers.decisions.voted),
  route("POST", "approvals/[approvalId]/refuse", approvalsApprovalIdRefuse.POST, "refuse", "Says no: what was asked for is dropped, and what it held is free.", answers.decisions.voted),
  route("POST", "approvals/[approvalId]/withdraw", approvalsApprovalIdWithdraw.POST, "withdraw", "Takes a request back, by who asked for it; what it held is free.", answers.decisions.voted),
  route("GET", "audit", audit.GET, "listAudit", "The audit, newest first. Who is limited to zones sees their entries and what they did themselves, and of an entry's zones only their own.", answers.records.audit),
  route("POST", "audit/export", auditExport.POST, "exportAudit", "The audit as a file, newest first: what the list shows to the same reader, as of now, up to 100,000 entries. The last line says whether that is all. Every export is itself an entry."),
  route("GET", "cases", cases.GET, "listCases", "A page of cases in the actor's zones: what is due first, or the resolved ones, the latest first.", answers.decisions.cases),
  route("POST", "cases", cases.POST, "openCase", "Opens a case by hand in a zone, over a business key where there is one. The same key again is the same case.", answers.decisions.caseOpened),
  route("GET", "cases/[caseId]", casesCaseId.GET, "readCase", "One case: what is true, what differs, its runbook, its history, and how it may be resolved. A permanent link."),
  route("POST", "cases/[caseId]/acknowledge", casesCaseIdAcknowledge.POST, "acknowledgeCase", "Says that somebody looks at it.", answers.decisions.caseStep),
  route("POST", "cases/[caseId]/assign", casesCaseIdAssign.POST, "assignCase", "Takes a case, gives it to an operator of its zone, or gives it back. Who takes it second is told who was first.", answers.decisions.caseStep),
  route("POST", "cases/[caseId]/comment", casesCaseIdComment.POST, "commentCase", "Adds a note to the history; it is never edited.", answers.decisions.caseStep),
  route("POST", "cases/[caseId]/reopen", casesCaseIdReopen.POST, "reopenCase", "Opens a resolved case again, with a new due time.", answers.decisions.caseStep),
  route("POST", "cases/[caseId]/resolve", casesCaseIdResolve.POST, "resolveCase", "Resolves a case, in which way and why. An accepted difference asks for a second person instead, and ends then.", answers.decisions.caseStep),
  route("POST", "cases/[caseId]/snooze", casesCaseIdSnooze.POST, "snoozeCase", "Puts a case aside until then, at most for a week; it wakes by itself, sooner when it gets due.", answers.decisions.caseStep),
  route("POST", "cases/[caseId]/tick", casesCaseIdTick.POST, "tickCase", "Ticks a step of the runbook, or takes the tick back.", answers.decisions.caseStep),
  route("POST", "cases/bulk", casesBulk.POST, "actOnCases", "Does the same with several cases, one after the other: each is allowed, changed and audited on its own. Sent again under its key it goes on where it ended. Refused when none could be done.", answers.decisions.casesDone),
  route("POST", "cases/bulk/preview", casesBulkPreview.POST, "previewBulk", "What would become of each of several cases: done, or left as it is and why. Changes nothing.", answers.decisions.casesPreview),
  route("GET", "channels", channels.GET, "readChannels", "The channels in force and how they do; their settings and the routes for administrators, and what is secret for nobody.", answers.channels.channels),
  route("POST", "channels/[channel]/rejoin", channelsChannelRejoin.POST, "rejoinDigests", "Sends digests again to the `reader` of a channel of e-mail who ended them by the link in one.", answers.channels.rejoined),
  route("POST", "channels/[channel]/test", channelsChannelTest.POST, "testChannel", "Asks that a test be sent on a channel, once; a worker sends it. The answer names the message, which says what came of it. The same key again is the same test.", answers.channels.asked),
  route("GET", "channels/trouble", channelsTrouble.GET, "readChannelTrouble", "Channels that do not get through, and how many messages were given up.", answers.channels.trouble),
  route("POST", "dead-letters/discard", deadLettersDiscard.POST, "requestDiscard", "Asks to discard what was selected, with a reason code and what shows it: it stays parked nowhere, and counts as unresolved no more. The same key again is the same operation.", answers.operations.operationAsked),
  route("POST", "dead-letters/export", deadLettersExport.POST, "exportLetters", "Letters that match as a file, in the order of their list and masked, up to 100,000. The last line says whether that is all. Every export is an entry of the audit."),
  route("GET", "dead-letters/facets", deadLettersFacets.GET, "readFacets", "What the open groups in the actor's zones offer to filter by: zones, consumers, event types, errors, versions and sources, each with its messages.", answers.records.facets),
  route("GET", "dead-letters/forecasts/[forecastId]", deadLettersForecastsForecastId.GET, "readForecast", "What would come of each message of one's own preview, as a worker finds it in their sources, and how many arrived since.", answers.operations.forecast),
  route("GET", "dead-letters/grouped", deadLettersGrouped.GET, "sumGroups", "Open messages that match, summed by consumer, event, version or zone.", answers.records.grouped),
  route("GET", "dead-letters/groups", deadLettersGroups.GET, "listGroups", "Groups in the actor's zones that match, the largest first, with their last hour."),
  route("GET", "dead-letters/groups/[groupId]", deadLettersGroupsGroupId.GET, "readGroup", "One group with what an operator needs before a retry."),
  route("POST", "dead-letters/groups/[groupId]/assign", deadLettersGroupsGroupIdAssign.POST, "assignGroup", "Takes a group, gives it to an operator of its zones, or gives it back. Who takes it second is told who was first.", answers.records.groupStep),
  route("POST", "dead-letters/groups/[groupId]/merge", deadLettersGroupsGroupIdMerge.POST, "mergeGroups", "Merges groups into one: their messages, those that are parked and those that come later, belong to it until that is undone.", answers.records.regrouped),
  route("GET", "dead-letters/groups/[groupId]/messages", deadLettersGroupsGroupIdMessages.GET, "listMessages", "A page of a group's messages, the newest first.", answers.zones.messages),
  route("POST", "dead-letters/groups/[groupId]/note", deadLettersGroupsGroupIdNote.POST, "noteGroup", "Adds a note to a group's history; it is never edited.", answers.records.groupStep),
  route("GET", "dead-letters/groups/[groupId]/readiness", deadLettersGroupsGroupIdReadiness.GET, "readReadiness", "Whether a group may be retried: each question that somebody asks before, answered yes, no or not known, with the fact that it rests on.", answers.operations.groupReadiness),
  route("GET", "dead-letters/groups/[groupId]/split", deadLettersGroupsGroupIdSplit.GET, "previewSplit", "How a rule's messages would be, before they are split off.", answers.records.splitPreview),
  route("POST", "dead-letters/groups/[groupId]/split", deadLettersGroupsGroupIdSplit.POST, "splitGroup", "Splits messages off a group by a rule, those that are parked and those that come later, into a group of their own.", answers.records.regrouped),
  route("POST", "dead-letters/groups/[groupId]/state", deadLettersGroupsGroupIdState.POST, "setGroupState", "Says where a group stands. Who changes it second is told who was first. Resolved is only what has nothing parked.", answers.records.groupStep),
  route("POST", "dead-letters/groups/[groupId]/ticket", deadLettersGroupsGroupIdTicket.POST, "setGroupTicket", "Sets the ticket that a group is worked on under, or takes it away.", answers.records.groupStep),
  route("POST", "dead-letters/groups/[groupId]/undo", deadLettersGroupsGroupIdUndo.POST, "undoRegroup", "Undoes a merge or a split: what it moved, and what came since, goes back to where it would have been.", answers.records.regrouped),
  route("GET", "dead-letters/messages", deadLettersMessages.GET, "listLetters", "Letters in the actor's zones that match a `query`: the open ones, the latest parked first, or with `side=closed` those that were closed, the latest closed first.", answers.zones.letters),
  route("GET", "dead-letters/messages/[id]", deadLettersMessagesId.GET, "readMessage", "One message whole: payload, headers, stack and attempts, masked as its zones' contracts say."),
  route("POST", "dead-letters/edit", deadLettersEdit.POST, "requestEdit", "Asks for a retry of what was selected with another payload, by a JSON Patch that is worked out and validated for each message: those that it changes are sent, under new ids; the others stay parked as they were. The same key again is the same operation.", answers.operations.operationAsked),
  route("POST", "dead-letters/edit/preview", deadLettersEditPreview.POST, "previewEdit", "What an edit would make of each message of a selection, and what a retry of them would do. Changes nothing.", answers.operations.editPreview),
  route("GET", "dead-letters/messages/[id]/payload", deadLettersMessagesIdPayload.GET, "readPayload", "A payload that is larger than Accord keeps, or that it keeps no longer, as its source has it now: masked like any other.", answers.records.payload),
  route("POST", "dead-letters/messages/[id]/reveal", deadLettersMessagesIdReveal.POST, "revealPayload", "A payload as it is, for a reason and a minute. The audit has who, why, which message and which of its paths, and never a value; it is written before anything is read. The same key again gives the same minute.", answers.records.payload),
  route("POST", "dead-letters/preview", deadLettersPreview.POST, "preview", "What a retry or discard of this selection would do now: how many, to whom, who receives nothing, what is left out and why. Changes nothing.", answers.operations.preview),
  route("POST", "dead-letters/resolve", deadLettersResolve.POST, "requestResolve", "Says of what was selected that its effect was had by hand, with a reason code and evidence: it is closed, in its source too where that may be written. The same key again is the same operation.", answers.operations.operationAsked),
  route("POST", "dead-letters/retry", deadLettersRetry.POST, "requestRetry", "Asks for a retry of what was selected, as it is parked now. The same key again is the same operation.", answers.operations.operationAsked),
  route("POST", "dead-letters/take-back", deadLettersTakeBack.POST, "requestTakeBack", "Asks to park again what operators discarded or resolved by hand: messages by their numbers, or all that an operation closed. What its source keeps no more stays closed and says so.", answers.operations.operationAsked),
  route("GET", "dead-letters/views", deadLettersViews.GET, "listSaved", "One's own saved views and those that are shared; one that names a zone of others is not told to them.", answers.records.savedViews),
  route("POST", "dead-letters/views", deadLettersViews.POST, "saveView", "Keeps what a list shows under a name: for oneself, or for everybody. The same name again is that view, changed.", answers.records.viewSaved),
  route("POST", "dead-letters/views/[viewId]/remove", deadLettersViewsViewIdRemove.POST, "removeView", "Removes a saved view: one's own, or a shared one by who may share.", answers.records.viewRemoved),
  route("POST", "deploys", deploys.POST, "markDeploy", "Marks a deploy or rollback on the charts of every zone that it touches, in place of what was made out from the data. The same key again is the same mark.", answers.records.deployMarked),
  route("GET", "discovery", discovery.GET, "readDiscovery", "The last look at databases: what was recognised in them, what it would show and what it cannot, and the configuration to copy; administrators only, since it names tables of every service.", answers.discovery.last),
  route("POST", "discovery", discovery.POST, "requestDiscovery", "Asks a worker to look at databases, read-only and for 10 s at most; administrators only. They are named by variables of the worker's environment that hold their addresses, or as sources: an address is never taken. One look at a time; the same key again is the same look.", answers.discovery.asked),
  route("GET", "divergences", divergences.GET, "listDivergences", "A page of divergences across the zones that the actor may see; the oldest first, what is resolved newest first."),
  route("GET", "divergences/[divergenceId]", divergencesDivergenceId.GET, "readDivergence", "One divergence: both sides side by side, and what looking at it found."),
  route("POST", "divergences/[divergenceId]/recheck", divergencesDivergenceIdRecheck.POST, "requestRecheck", "Asks that a divergence be looked at at once; asked again it is the same request.", answers.records.recheckAsked),
  route("GET", "divergences/rules", divergencesRules.GET, "readRules", "How the rules of one zone, or of all that the actor sees, go: schedule, last run, what it covered, and what is wrong."),
  route("POST", "divergences/rules/[zoneId]/[rule]/run", divergencesRulesZoneIdRuleRun.POST, "requestRun", "Asks that a rule be run at once; the same key again is the same request.", answers.records.runAsked),
  route("GET", "events", events.GET, "liveEvents", "A stream of server-sent events that names what changed (`change` with a list such as `[\"zones\"]`), so that it can be read again. It carries no rows: what may be seen is for each read to say."),
  route("GET", "find", find.GET, "findAnything", "What a pasted id or a typed name leads to, in the zones of who asks: a hit in another zone does not exist. One round of small look-ups, each along an index and at most a handful of rows.", answers.records.found),
  route("GET", "keys", keys.GET, "readKey", "Everything that Accord knows of a business key, in the zones of who asks: what is open, what went wrong before, what people did, and at which service. A key of another zone and no key are the same answer."),
  route("GET", "me", me.GET, "me", "Who looks, and at which environment, which every screen names.", answers.people.me),
  route("POST", "me/password", mePassword.POST, "changePassword", "Changes one's own password, given the present one, and ends one's other sessions.", answers.people.passwordChanged),
  route("POST", "me/second-factor", meSecondFactor.POST, "startFactor", "Begins one's own second factor (TOTP): the secret, this once, as a text and as an address for authenticators. It takes the present `password`; only for who has one here.", answers.people.factorBegun),
  route("POST", "me/second-factor/confirm", meSecondFactorConfirm.POST, "confirmFactor", "Confirms it by its first `code`, gives ten recovery codes this once, and ends one's other sessions.", answers.people.factorConfirmed),
  route("POST", "me/second-factor/remove", meSecondFactorRemove.POST, "removeFactor", "Takes one's own second factor away: by the present `password` and a `code`, or a recovery code.", answers.people.factorRemoved),
  route("GET", "notifications", notifications.GET, "listNotifications", "A page of messages about the actor's zones, the latest first: to which channel, in which state, and what it answered.", answers.channels.notifications),
  route("GET", "notifications/[notificationId]", notificationsNotificationId.GET, "readNotification", "One message, and what came of it.", answers.channels.oneNotification),
  route("POST", "notifications/[notificationId]/retry", notificationsNotificationIdRetry.POST, "retryNotification", "Sends again what was given up. Refused where the channel was told a later step of the same since.", answers.channels.retried),
  route("GET", "operations", operations.GET, "listOperations", "A page of operations in the actor's zones, the newest first.", answers.operations.operations),
  route("GET", "operations/[operationId]", operationsOperationId.GET, "readOperation", "One operation: progress, outcomes, what is off track, and the record. A permanent link.", answers.operations.oneOperation),
  route("POST", "operations/[operationId]/cancel", operationsOperationIdCancel.POST, "cancelOperation", "Gives up what was not sent: those messages stay parked and are free. What was delivered stays delivered.", answers.operations.operationStep),
  route("POST", "operations/[operationId]/change", operationsOperationIdChange.POST, "changeOperation", "Changes pace, cap in flight or stop limit from now on; what is not named stays.", answers.operations.operationStep),
  route("POST", "operations/[operationId]/continue", operationsOperationIdContinue.POST, "continueOperation", "Goes on with the rest once the canary is answered, without waiting longer.", answers.operations.operationStep),
  route("GET", "operations/[operationId]/items", operationsOperationIdItems.GET, "listItems", "A page of an operation's items, of one outcome if asked for.", answers.operations.items),
  route("POST", "operations/[operationId]/pause", operationsOperationIdPause.POST, "pauseOperation", "Nothing new is sent until it is resumed; what is on its way goes on.", answers.operations.operationStep),
  route("GET", "operations/[operationId]/proof", operationsOperationIdProof.GET, "readProof", "Whether the business keys of an operation converged since its messages were delivered: how many, and a page of those that did not, or of one state.", answers.operations.proof),
  route("POST", "operations/[operationId]/resume", operationsOperationIdResume.POST, "resumeOperation", "Goes on with what waits; after a stop by its own rule, judged from here on.", answers.operations.operationStep),
  route("GET", "operations/[operationId]/edited", operationsOperationIdEdited.GET, "readEdited", "What an operation changed in its messages, from an item on: before and after, masked as the messages are.", answers.operations.edited),
  route("POST", "operations/[operationId]/retry-failed", operationsOperationIdRetryFailed.POST, "retryFailed", "Asks for a retry of what did not get through in another operation, as far as it is parked and free. The same key again is the same operation.", answers.operations.operationAsked),
  route("POST", "operations/[operationId]/undo", operationsOperationIdUndo.POST, "undoOperation", "Takes an operation back before its first message leaves, within the time its plan gives.", answers.operations.operationStep),
  route("GET", "operators", operators.GET, "listOperators", "Everybody with role, zones and last visit; administrators only, since it lists e-mail addresses.", answers.people.operators),
  route("POST", "operators", operators.POST, "inviteOperator", "Adds a person; administrators only. The password is generated, given once, and null for who signs in elsewhere.", answers.people.invited),
  route("GET", "operators/[operatorId]", operatorsOperatorId.GET, "readOperator", "One person with open sessions and personal tokens: oneself, or anybody for an administrator.", answers.people.person),
  route("POST", "operators/[operatorId]", operatorsOperatorId.POST, "changeOperator", "Changes name, role, zones or whether a person may sign in; administrators only. Effective with the person's next request.", answers.people.operatorChanged),
  route("POST", "operators/[operatorId]/password", operatorsOperatorIdPassword.POST, "resetPassword", "Gives a person a new password, shown once, and ends their sessions; administrators only.", answers.people.passwordReset),
  route("POST", "operators/[operatorId]/second-factor/remove", operatorsOperatorIdSecondFactorRemove.POST, "removeFactorOf", "Takes somebody's second factor away, and ends their sessions and personal tokens; administrators only.", answers.people.factorRemoved),
  route("GET", "operators/[operatorId]/sessions", operatorsOperatorIdSessions.GET, "listSessions", "A person's open sessions: one's own, or anybody's for an administrator.", answers.people.sessions),
  route("POST", "operators/[operatorId]/sessions/revoke", operatorsOperatorIdSessionsRevoke.POST, "revokeSessionsOf", "Ends all of a person's sessions; administrators only.", answers.people.sessionsEnded),
  route("GET", "operators/names", operatorsNames.GET, "listNames", "Active people by name, to assign work to; for everybody who is signed in.", answers.people.names),
  route("GET", "saga-holds/[holdId]", sagaHoldsHoldId.GET, "readHold", "What came of a request so far, as the sources say.", answers.sagas.hold),
  route("GET", "promises", promises.GET, "readPromises", "How the promises of a month (`month=2026-11`, the present one when none is named) were kept in the zones that the actor may see, zone by zone and owner by owner; `owner` narrows it. Days and months are those of UTC.", answers.objectives.report),
  route("GET", "promises/csv", promisesCsv.GET, "exportPromises", "The same as a file of comma-separated values, a line a zone. What is not known is empty, never zero."),
  route("GET", "sagas", sagas.GET, "listSagas", "Sagas in the actor's zones that match, nearest deadline first; and all that need somebody, by type and step.", answers.sagas.sagas),
  route("GET", "sagas/[sourceId]/[sagaId]", sagasSourceIdSagaId.GET, "readSaga", "One saga: its steps with what reverses each, what it waits for, and what people requested of it.", answers.sagas.oneSaga),
  route("POST", "sagas/hold", sagasHold.POST, "requestHold", "Asks to hold the compensations of what was selected for some time; their sources are told by a worker. The same key again is the same request.", answers.sagas.holdAsked),
  route("POST", "sagas/preview", sagasPreview.POST, "previewHold", "What a hold of this selection would do now: over how many, when the first would compensate, what has begun. Changes nothing.", answers.sagas.holdPreview),
  route("POST", "sagas/release", sagasRelease.POST, "requestRelease", "Asks to let compensations go, of what was selected or of what one hold did, where that still stands. The same key again is the same request.", answers.sagas.holdAsked),
  route("GET", "sagas/success", sagasSuccess.GET, "readSuccess", "How compensations ended per zone and step in a span, with those that are open and late beside.", answers.sagas.success),
  route("POST", "sessions/[sessionId]/revoke", sessionsSessionIdRevoke.POST, "revokeSession", "Ends a session: one's own freely, another's as an administrator. It counts for nothing from the next request on.", answers.people.ended),
  route("GET", "sources", sources.GET, "readSources", "Every source with how fresh it is, what is wrong with it, and what it has open; the workers; and what is wrong with the files.", answers.sources.list),
  route("GET", "sources/[sourceId]", sourcesSourceId.GET, "readSource", "One source, by its name or its service's: how messages go through its consumers and its outbox, what it publishes and consumes in each zone, the largest groups that are parked there, and the versions that came.", answers.sources.one),
  route("GET", "sources/[sourceId]/check", sourcesSourceIdCheck.GET, "readSourceCheck", "How a source is set up, as a worker found it in the last minutes: rights, TLS, standby, pooler, clock, encoding, settings, row security, indexes, version and the cost of a poll, each in a sentence with what to do. `npm run source:check` asks the same at once.", answers.records.sourceCheck),
  route("GET", "sources/[sourceId]/lag", sourcesSourceIdLag.GET, "readSourceLag", "The lags of what goes through a source over a range, a line for each of its consumers and for its outbox.", answers.zones.sourceLag),
  route("GET", "tokens", tokens.GET, "readTokens", "One's own tokens, those of services for administrators, and what making one takes of who asks.", answers.people.tokens),
  route("POST", "tokens", tokens.POST, "makeToken", "Makes a token and shows its secret this once: a personal one for whoever is signed in, a service's for administrators. It takes the present `password` of who has one, of others a sign-in through the provider of the last ten minutes. The same key again is the same token, without its secret.", answers.people.tokenMade),
  route("POST", "tokens/[tokenId]/revoke", tokensTokenIdRevoke.POST, "revokeToken", "Ends a token: one's own freely, another's as an administrator. It opens nothing from the next request on.", answers.people.ended),
  route("GET", "waiting", waiting.GET, "readWaiting", "What waits for the person who asks: decisions that they may give, cases that they have, cases that nobody has acknowledged.", answers.decisions.waiting),
  route("GET", "zone-trends", zoneTrends.GET, "readZoneTrends", "Lag, oldest key and compensations of every zone that the actor may see, over a range, on the same steps: the small charts of the overview.", answers.zones.trends),
  route("GET", "zones", zones.GET, "readZones", "Every zone that the actor may see, worst first, with the last hour: what the overview shows. Small reads, whatever the history."),
  route("GET", "zones/[zoneId]", zonesZoneId.GET, "readZone", "One zone: sentence, keys by age, what is wrong now, its contract, and what happened."),
  route("GET", "zones/[zoneId]/activity", zonesZoneIdActivity.GET, "readZoneActivity", "What happened in a zone, newest first: what people did or were refused, how operations ended, changes of verdict, and deploys."),
  route("GET", "zones/[zoneId]/charts", zonesZoneIdCharts.GET, "readZoneCharts", "A zone's charts over a range; every series on the same steps, so that one crosshair reads them all.", answers.zones.charts),
  route("GET", "zones/[zoneId]/contract", zonesZoneIdContract.GET, "readZoneContract", "A zone's contract with its text, its warnings, its revisions and when each of them was applied; and in how many of its newest messages each path of its masking led to something."),
  route("GET", "zones/[zoneId]/contract/revisions/[revision]", zonesZoneIdContractRevisionsRevision.GET, "readContractRevision", "The text of one revision, to be compared with another.", answers.records.contractRevision),
  route("GET", "zones/[zoneId]/objective", zonesZoneIdObjective.GET, "readObjective", "The promise of a zone as a figure: what converged within the window over the contract's period, what is left of the error budget, how fast it is used up, what used it up, and a year of days.", answers.objectives.objective),
  route("POST", "zones/[zoneId]/undelivered/export", zonesZoneIdUndelivered.POST, "exportUndelivered", "The messages that consumers of a zone lack, by id, as a file: what its producers are to publish again. Up to 100,000, the oldest first; the last line says whether that is all. Every export is an entry of the audit."),
  route("GET", "zones/[zoneId]/keys", zonesZoneIdKeys.GET, "readZoneKeys", "The unresolved keys of a zone, the oldest first, with what keeps each from converging: the rows behind its numbers.", answers.zones.keys),
];
