CREATE TABLE "digest_left" (
	"channel" text NOT NULL,
	"reader" text NOT NULL,
	"at" timestamptz NOT NULL,
	CONSTRAINT "digest_left_channel_reader_pk" PRIMARY KEY("channel","reader")
);
--> statement-breakpoint
ALTER TABLE "audit_entry" DROP CONSTRAINT "audit_entry_actor_kind";--> statement-breakpoint
ALTER TABLE "notification" ADD COLUMN "link_used_at" timestamptz;--> statement-breakpoint
ALTER TABLE "audit_entry" ADD CONSTRAINT "audit_entry_actor_kind" CHECK ("audit_entry"."actor_kind" in ('operator', 'service', 'link', 'worker', 'stranger'));