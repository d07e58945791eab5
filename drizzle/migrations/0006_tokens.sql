CREATE TABLE "token" (
	"id" uuid PRIMARY KEY DEFAULT gen_random_uuid() NOT NULL,
	"kind" text NOT NULL,
	"operator_id" uuid NOT NULL,
	"name" text NOT NULL,
	"secret_hash" text NOT NULL,
	"prefix" text NOT NULL,
	"role" text NOT NULL,
	"zones" text[],
	"created_at" timestamptz NOT NULL,
	"expires_at" timestamptz NOT NULL,
	"last_used_at" timestamptz,
	"revoked_at" timestamptz,
	"request_key" text NOT NULL,
	"request_hash" text NOT NULL,
	CONSTRAINT "token_secret_hash_unique" UNIQUE("secret_hash"),
	CONSTRAINT "token_request_key_unique" UNIQUE("operator_id","request_key"),
	CONSTRAINT "token_kind" CHECK ("token"."kind" in ('personal', 'service')),
	CONSTRAINT "token_role" CHECK ("token"."role" in ('viewer', 'operator', 'approver', 'administrator'))
);
--> statement-breakpoint
ALTER TABLE "audit_entry" DROP CONSTRAINT "audit_entry_actor_kind";--> statement-breakpoint
ALTER TABLE "token" ADD CONSTRAINT "token_operator_id_operator_id_fk" FOREIGN KEY ("operator_id") REFERENCES "public"."operator"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE UNIQUE INDEX "token_service_name_unique" ON "token" USING btree ("name") WHERE kind = 'service' and revoked_at is null;--> statement-breakpoint
CREATE INDEX "token_by_expiry" ON "token" USING btree ("expires_at");--> statement-breakpoint
ALTER TABLE "audit_entry" ADD CONSTRAINT "audit_entry_actor_kind" CHECK ("audit_entry"."actor_kind" in ('operator', 'service', 'worker', 'stranger'));