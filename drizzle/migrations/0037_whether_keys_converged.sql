CREATE TABLE "operation_key" (
	"operation_id" bigint NOT NULL,
	"zone_id" text NOT NULL,
	"business_key" text NOT NULL,
	"state" text NOT NULL,
	"delivered_at" timestamptz NOT NULL,
	"checked_at" timestamptz,
	"due_at" timestamptz,
	"why" jsonb,
	"checked_n" integer DEFAULT 0 NOT NULL,
	CONSTRAINT "operation_key_operation_id_zone_id_business_key_pk" PRIMARY KEY("operation_id","zone_id","business_key")
);
--> statement-breakpoint
CREATE INDEX "operation_key_due" ON "operation_key" USING btree ("due_at") WHERE due_at is not null;
--> statement-breakpoint
SELECT tell_live('operation_key', 'operations');
