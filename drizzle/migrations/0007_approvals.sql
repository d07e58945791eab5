CREATE TABLE "approval" (
	"approval_id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "approval_approval_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"subject_kind" text NOT NULL,
	"subject_id" bigint NOT NULL,
	"action" text NOT NULL,
	"zones" text[] NOT NULL,
	"needed_n" integer NOT NULL,
	"requested_by" uuid NOT NULL,
	"requested_by_name" text NOT NULL,
	"requested_at" timestamptz NOT NULL,
	"expires_at" timestamptz NOT NULL,
	"summary" text NOT NULL,
	"detail" jsonb NOT NULL,
	"state" text NOT NULL,
	"ended_at" timestamptz,
	"ended_by_name" text,
	"ended_why" text,
	"ended_key" text
);
--> statement-breakpoint
CREATE TABLE "approval_vote" (
	"approval_id" bigint NOT NULL,
	"operator_id" uuid NOT NULL,
	"operator_name" text NOT NULL,
	"vote" text NOT NULL,
	"at" timestamptz NOT NULL,
	"reason" text,
	"request_key" text NOT NULL,
	CONSTRAINT "approval_vote_approval_id_operator_id_pk" PRIMARY KEY("approval_id","operator_id")
);
--> statement-breakpoint
CREATE UNIQUE INDEX "approval_one" ON "approval" USING btree ("subject_kind","subject_id") WHERE state = 'waiting';--> statement-breakpoint
CREATE INDEX "approval_waiting" ON "approval" USING btree ("expires_at") WHERE state = 'waiting';--> statement-breakpoint
CREATE INDEX "approval_subject" ON "approval" USING btree ("subject_kind","subject_id","approval_id" DESC NULLS FIRST);