CREATE TABLE "idempotency_key" (
	"actor_id" text NOT NULL,
	"action" text NOT NULL,
	"key" text NOT NULL,
	"request_hash" text NOT NULL,
	"answer" jsonb,
	"at" timestamptz NOT NULL,
	CONSTRAINT "idempotency_key_actor_id_action_key_pk" PRIMARY KEY("actor_id","action","key")
);
--> statement-breakpoint
ALTER TABLE "case_file" DROP CONSTRAINT "case_open_key";--> statement-breakpoint
ALTER TABLE "operation" DROP CONSTRAINT "operation_request_key";--> statement-breakpoint
ALTER TABLE "operation_event" DROP CONSTRAINT "operation_event_key";--> statement-breakpoint
ALTER TABLE "saga_hold" DROP CONSTRAINT "saga_hold_request_key";--> statement-breakpoint
ALTER TABLE "token" DROP CONSTRAINT "token_request_key_unique";--> statement-breakpoint
DROP INDEX "case_event_key";--> statement-breakpoint
DROP INDEX "deploy_request_key";--> statement-breakpoint
CREATE INDEX "idempotency_key_at" ON "idempotency_key" USING btree ("at");--> statement-breakpoint
CREATE INDEX "token_by_operator" ON "token" USING btree ("operator_id");--> statement-breakpoint
ALTER TABLE "approval" DROP COLUMN "ended_key";--> statement-breakpoint
ALTER TABLE "approval_vote" DROP COLUMN "request_key";--> statement-breakpoint
ALTER TABLE "case_event" DROP COLUMN "request_key";--> statement-breakpoint
ALTER TABLE "case_file" DROP COLUMN "open_key";--> statement-breakpoint
ALTER TABLE "operation" DROP COLUMN "request_key";--> statement-breakpoint
ALTER TABLE "operation" DROP COLUMN "request_hash";--> statement-breakpoint
ALTER TABLE "operation_event" DROP COLUMN "request_key";--> statement-breakpoint
ALTER TABLE "reconciliation_rule" DROP COLUMN "request_key";--> statement-breakpoint
ALTER TABLE "saga_hold" DROP COLUMN "request_key";--> statement-breakpoint
ALTER TABLE "saga_hold" DROP COLUMN "request_hash";--> statement-breakpoint
ALTER TABLE "deploy" DROP COLUMN "request_key";--> statement-breakpoint
ALTER TABLE "token" DROP COLUMN "request_key";--> statement-breakpoint
ALTER TABLE "token" DROP COLUMN "request_hash";